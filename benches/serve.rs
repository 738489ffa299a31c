//! The server under load, alone and with clients that harm: `cargo bench --features full --bench serve`.
//!
//! One sentence of `labels/` a request, none twice before all have been sent, over connections that are kept. At a steady rate each
//! latency counts from when the request was due, so that a server that falls behind shows. The clients run on the same cores as
//! the server. Everything is bounded: about 20 seconds, and loopback alone. Fails when an answer is wrong or missing.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench talks, and stops at the first error"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rejoinder::{Dataset, DatasetOptions};
use serde_json::json;

const CONNECTIONS: usize = 16;
const SECONDS: u64 = 5;
const RATES: [u64; 2] = [5_000, 7_500];
const BAD_CLIENTS: usize = 1_000;

fn main() {
    rlimit::increase_nofile_limit(4 * BAD_CLIENTS as u64).unwrap();
    let requests = requests();
    let server = Server::start();
    let load = Load {
        address: &server.address,
        requests: &requests,
    };
    let count = load.throughput();
    println!(
        "as fast as they are answered: {} requests/s, {} different sentences",
        count / SECONDS as usize,
        count.min(requests.len())
    );
    for rate in RATES {
        report("alone", rate, &load.latencies(rate));
    }
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| harm(&server.address, &stop));
        // What can be answered of theirs has been answered by then.
        thread::sleep(Duration::from_secs(3));
        let latencies = load.latencies(RATES[0]);
        stop.store(true, Ordering::Relaxed);
        let among = format!("among {BAD_CLIENTS} slow or broken clients");
        report(&among, RATES[0], &latencies);
    });
}

/// A request for each sentence of `labels/`.
fn requests() -> Vec<Vec<u8>> {
    let labels = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels");
    let paths: [PathBuf; 2] = ["sentences.csv", "articles.csv"].map(|name| labels.join(name));
    let data = Dataset::read(&paths, &DatasetOptions::default()).unwrap();
    let request = |text: &str| {
        let body = json!({ "text": text }).to_string();
        let head = "POST /v1/classify?all=true HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
        let length = body.len();
        format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
    };
    data.samples
        .iter()
        .map(|sample| request(&sample.text))
        .collect()
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// A server as a user starts it, its log as for machines.
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rejoinder"))
            .args(["serve", "--port", "0", "--log", "json"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let address = line.split(['/', ' ']).nth(2).unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Clients that do no harm.
struct Load<'a> {
    address: &'a str,
    requests: &'a [Vec<u8>],
}

impl Load<'_> {
    /// Requests that are answered when every connection asks again at once.
    fn throughput(&self) -> usize {
        let end = Instant::now() + Duration::from_secs(SECONDS);
        let counts = self.on_every_connection(|client, connection| {
            let mut count = 0;
            while Instant::now() < end {
                client.ask(self.request(connection + count * CONNECTIONS));
                count += 1;
            }
            count
        });
        counts.iter().sum()
    }

    /// The latency of every request at a steady rate, sorted.
    fn latencies(&self, rate: u64) -> Vec<Duration> {
        let interval = Duration::from_secs_f64(CONNECTIONS as f64 / rate as f64);
        let start = Instant::now() + Duration::from_millis(100);
        let mut all: Vec<Duration> = self
            .on_every_connection(|client, connection| {
                let first = start + interval.mul_f64(connection as f64 / CONNECTIONS as f64);
                let count = rate as usize * SECONDS as usize / CONNECTIONS;
                let ask = |number: usize| {
                    let due = first + interval * number as u32;
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    client.ask(self.request(connection + number * CONNECTIONS));
                    due.elapsed()
                };
                (0..count).map(ask).collect::<Vec<_>>()
            })
            .concat();
        all.sort_unstable();
        all
    }

    fn request(&self, number: usize) -> &[u8] {
        &self.requests[number % self.requests.len()]
    }

    fn on_every_connection<T: Send>(
        &self,
        work: impl Fn(&mut Client, usize) -> T + Sync,
    ) -> Vec<T> {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..CONNECTIONS)
                .map(|connection| {
                    let work = &work;
                    scope.spawn(move || work(&mut Client::connect(self.address), connection))
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        })
    }
}

/// A connection that is kept.
struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Client {
    fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let timeout = Duration::from_secs(10);
        stream.set_read_timeout(Some(timeout)).unwrap();
        Self {
            stream,
            answer: vec![0; 1 << 18],
        }
    }

    fn ask(&mut self, request: &[u8]) {
        self.stream.write_all(request).unwrap();
        let mut filled = 0;
        loop {
            let n = self.stream.read(&mut self.answer[filled..]).unwrap();
            assert!(n > 0, "the server closed the connection");
            filled += n;
            let text = std::str::from_utf8(&self.answer[..filled]).unwrap_or_default();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                assert!(head.starts_with("HTTP/1.1 200"), "{head}");
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                if body.len() == length.unwrap().parse::<usize>().unwrap() {
                    let read = body.contains("\"articles\":1,\"errors\":[],\"sentences\":");
                    assert!(read, "{body}");
                    return;
                }
            }
        }
    }
}

/// Clients that hold connections and never finish what they do: a byte a second of each, and who is turned away comes back.
fn harm(address: &str, stop: &AtomicBool) {
    let mut clients: Vec<TcpStream> = (0..BAD_CLIENTS).map(|n| bad_client(address, n)).collect();
    while !stop.load(Ordering::Relaxed) {
        let round = Instant::now();
        for (number, client) in clients.iter_mut().enumerate() {
            // Those that have begun nothing, and those that never read their answers, stay silent.
            if number % 5 != 0 && number % 5 != 4 && client.write_all(b"x").is_err() {
                *client = bad_client(address, number);
            }
        }
        thread::sleep(Duration::from_secs(1).saturating_sub(round.elapsed()));
    }
}

fn bad_client(address: &str, number: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    // Half a megabyte of answers, none of which is read.
    let greedy = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(50);
    let begun: &[u8] = match number % 5 {
        0 => b"",
        1 => b"POST /v1/classify HTT",
        2 => b"POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: 9000000\r\n\r\nHe said",
        3 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        _ => greedy.as_bytes(),
    };
    stream.set_nonblocking(true).unwrap();
    let _ = stream.write(begun);
    stream
}

fn report(what: &str, rate: u64, sorted: &[Duration]) {
    let milliseconds = |share: f64| {
        let at = (share * (sorted.len() - 1) as f64) as usize;
        sorted[at].as_secs_f64() * 1e3
    };
    println!(
        "{what}: {} requests at {rate}/s, all answered: latency p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, most {:.2} ms",
        sorted.len(),
        milliseconds(0.5),
        milliseconds(0.99),
        milliseconds(0.999),
        milliseconds(1.0)
    );
}
