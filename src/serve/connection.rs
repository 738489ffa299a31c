//! Connections: accepted within a limit, given up when they do not move, let finish when the server stops.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use tokio_io_timeout::TimeoutStream;

use super::App;
use super::observe::Counted;

/// How long to wait when no connection can be accepted, as when the process has no file left.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until the process is told to stop.
pub(super) async fn serve(
    listener: std::net::TcpListener,
    router: Router,
    app: Arc<App>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let mut stop = pin!(stop_signal()?);
    let places = Arc::new(Semaphore::new(app.options.connections));
    let running = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(app.options.head_timeout);
    loop {
        let (stream, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(app.options.timeout));
        let service = TowerToHyperService::new(router.clone());
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = running.watch(connection);
        let counted = Counted::new(&app.metrics.connections);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection given up");
            }
            drop((place, counted));
        });
    }
    drop(listener);
    tracing::info!("stopping");
    tokio::select! {
        () = running.shutdown() => tracing::info!("stopped"),
        () = sleep(app.options.grace) => tracing::warn!("stopped before every request was answered"),
    }
    Ok(())
}

/// The next connection, as soon as there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true); // answers are whole: there is nothing to gather
                return (stream, place);
            }
            Err(error) => {
                tracing::warn!(%error, "no connection accepted");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Ends when the process gets SIGINT or SIGTERM.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends when the process is interrupted.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
