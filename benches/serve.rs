//! The server under load, alone and with clients that harm: `cargo bench --features full --bench serve`.
//!
//! One sentence a request, sent at a steady rate over connections that are kept; each latency counts from when the request was
//! due, so that a server that falls behind shows. The clients run on the same cores as the server. Everything is
//! bounded: about 20 seconds, and loopback alone. Fails when an answer is wrong or missing.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench talks, and stops at the first error"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 16;
const SECONDS: u64 = 5;
const RATES: [u64; 2] = [5_000, 7_500];
const BAD_CLIENTS: usize = 1_000;

const SENTENCES: [&str; 8] = [
    "Estonia accused Belarus on Thursday of orchestrating a cyberattack on the power company.",
    "Minsk denied any involvement.",
    "The minister said he was ready to hold talks with the opposition next week.",
    "It rained for most of the afternoon, and the match was called off.",
    "The union said the company had lied to its workers about the fund.",
    "A spokesman called the allegations baseless and politically motivated.",
    "The harbour was closed on Monday for repairs that will take two weeks.",
    "Both sides agreed to share intelligence on smuggling routes.",
];

fn main() {
    let server = Server::start();
    println!("closed loop: {:.0} requests/s", throughput(&server.address));
    for rate in RATES {
        report("open loop", rate, &latencies(&server.address, rate));
    }
    let bad: Vec<TcpStream> = (0..BAD_CLIENTS)
        .map(|number| bad_client(&server.address, number))
        .collect();
    report(
        &format!("with {BAD_CLIENTS} slow or broken clients"),
        RATES[0],
        &latencies(&server.address, RATES[0]),
    );
    drop(bad);
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
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

/// A connection that is kept.
struct Client {
    stream: TcpStream,
    requests: Vec<Vec<u8>>,
    answer: Vec<u8>,
}

impl Client {
    fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let timeout = Duration::from_secs(10);
        stream.set_read_timeout(Some(timeout)).unwrap();
        let request = |text: &&str| {
            let body = format!("{{\"text\":\"{text}\"}}");
            let head = "POST /v1/classify?all=true HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
            let length = body.len();
            format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
        };
        Self {
            stream,
            requests: SENTENCES.iter().map(request).collect(),
            answer: vec![0; 1 << 16],
        }
    }

    fn ask(&mut self, number: usize) {
        self.stream
            .write_all(&self.requests[number % SENTENCES.len()])
            .unwrap();
        let mut filled = 0;
        loop {
            let n = self.stream.read(&mut self.answer[filled..]).unwrap();
            assert!(n > 0, "the server closed the connection");
            filled += n;
            let text = std::str::from_utf8(&self.answer[..filled]).unwrap();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                assert!(head.starts_with("HTTP/1.1 200"), "{head}");
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                if body.len() == length.unwrap().parse::<usize>().unwrap() {
                    assert!(body.contains("\"sentences\":1"), "{body}");
                    return;
                }
            }
        }
    }
}

/// Requests a second when every connection asks again at once.
fn throughput(address: &str) -> f64 {
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let counts = on_every_connection(address, |client, _| {
        let mut count = 0;
        while Instant::now() < end {
            client.ask(count);
            count += 1;
        }
        count
    });
    counts.iter().sum::<usize>() as f64 / SECONDS as f64
}

/// The latency of every request at a steady rate, sorted.
fn latencies(address: &str, rate: u64) -> Vec<Duration> {
    let interval = Duration::from_secs_f64(CONNECTIONS as f64 / rate as f64);
    let start = Instant::now() + Duration::from_millis(100);
    let mut all: Vec<Duration> = on_every_connection(address, |client, connection| {
        let first = start + interval.mul_f64(connection as f64 / CONNECTIONS as f64);
        let count = rate * SECONDS / CONNECTIONS as u64;
        let ask = |number: u64| {
            let due = first + interval * number as u32;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            client.ask(number as usize);
            due.elapsed()
        };
        (0..count).map(ask).collect::<Vec<_>>()
    })
    .concat();
    all.sort_unstable();
    all
}

fn on_every_connection<T: Send>(
    address: &str,
    work: impl Fn(&mut Client, usize) -> T + Sync,
) -> Vec<T> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                let work = &work;
                scope.spawn(move || work(&mut Client::connect(address), connection))
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// A client that holds a connection and never finishes what it does.
fn bad_client(address: &str, number: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let begun: &[u8] = match number % 5 {
        0 => b"",
        1 => b"POST /v1/classify HTT",
        2 => b"POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: 9000000\r\n\r\nHe said",
        3 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        _ => b"GET /v1/model HTTP/1.1\r\nhost: localhost\r\n\r\n", // and never reads the answer
    };
    let _ = stream.write_all(begun);
    stream
}

fn report(what: &str, rate: u64, sorted: &[Duration]) {
    let milliseconds = |share: f64| {
        let at = (share * (sorted.len() - 1) as f64) as usize;
        sorted[at].as_secs_f64() * 1e3
    };
    println!(
        "{what}: {rate} requests/s, latency p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, most {:.2} ms",
        milliseconds(0.5),
        milliseconds(0.99),
        milliseconds(0.999),
        milliseconds(1.0)
    );
}
