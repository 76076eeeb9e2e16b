//! A wire between devices and server that swallows or cuts an answer when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Nothing is to be broken.
const WHOLE: usize = usize::MAX;

pub struct Wire {
    /// Where devices find the server.
    pub base: String,
    cut: Arc<Cut>,
}

struct Cut {
    /// Bytes of the next answer to an exchange that get through.
    after: AtomicUsize,
    broke: Notify,
}

impl Wire {
    /// Lays a wire to the server at `base`.
    pub async fn to(base: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = base.trim_start_matches("http://").to_owned();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let cut = Arc::new(Cut { after: AtomicUsize::new(WHOLE), broke: Notify::new() });
        let wire = Self { base, cut: Arc::clone(&cut) };
        tokio::spawn(async move {
            while let Ok((device, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(carry(device, server, Arc::clone(&cut)));
            }
        });
        wire
    }

    /// Breaks the wire within the next answer to an exchange, after so many bytes. 0: the server has answered, and nobody
    /// hears.
    pub fn cut_next(&self, after: usize) {
        self.cut.after.store(after, Ordering::SeqCst);
    }

    /// Waits until it has broken.
    pub async fn broke(&self) {
        self.cut.broke.notified().await;
    }
}

/// Carries one connection; a device asks one thing at a time on it.
async fn carry(mut device: TcpStream, mut server: TcpStream, cut: Arc<Cut>) {
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let mut exchange = false;
    loop {
        tokio::select! {
            read = device.read(&mut asked) => {
                let Ok(bytes @ 1..) = read else { return };
                exchange |= asked[..bytes].starts_with(b"POST /v1/sync ");
                if server.write_all(&asked[..bytes]).await.is_err() {
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(bytes @ 1..) = read else { return };
                let after = if exchange { cut.after.swap(WHOLE, Ordering::SeqCst) } else { WHOLE };
                let through = bytes.min(after);
                if device.write_all(&answered[..through]).await.is_err() {
                    return;
                }
                if after != WHOLE {
                    let _ = device.shutdown().await;
                    cut.broke.notify_one();
                    return;
                }
            }
        }
    }
}
