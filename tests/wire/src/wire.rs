//! A wire between devices and server that swallows or cuts an answer when it is told to.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub struct Wire {
    /// Where devices find the server.
    pub base: String,
    cut: Arc<Cut>,
}

struct Cut {
    /// Which answer to an exchange, and how many bytes of it get through.
    plan: Mutex<Option<(Which, usize)>>,
    broke: Notify,
}

impl Wire {
    /// Lays a wire to the server at `base`.
    pub async fn to(base: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = base.trim_start_matches("http://").to_owned();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let cut = Arc::new(Cut { plan: Mutex::new(None), broke: Notify::new() });
        let wire = Self { base, cut: Arc::clone(&cut) };
        tokio::spawn(async move {
            while let Ok((device, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(carry(device, server, Arc::clone(&cut)));
            }
        });
        wire
    }

    /// Breaks the wire within the first answer to an exchange that comes when `which` is true, after so many bytes. 0: the
    /// server has answered, and nobody hears.
    pub fn cut(&self, after: usize, which: impl Fn() -> bool + Send + 'static) {
        *self.cut.plan.lock().unwrap() = Some((Box::new(which), after));
    }

    /// Waits until it has broken.
    pub async fn broke(&self) {
        self.cut.broke.notified().await;
    }
}

impl Cut {
    /// How much of the answer that is there now gets through, if it is the one to be broken.
    fn now(&self) -> Option<usize> {
        let mut plan = self.plan.lock().unwrap();
        plan.take_if(|(which, _)| which()).map(|(_, after)| after)
    }
}

/// Whether the answer that is there now is the one.
type Which = Box<dyn Fn() -> bool + Send>;

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
                let after = if exchange { cut.now() } else { None };
                let through = bytes.min(after.unwrap_or(bytes));
                if device.write_all(&answered[..through]).await.is_err() {
                    return;
                }
                if after.is_some() {
                    let _ = device.shutdown().await;
                    cut.broke.notify_one();
                    return;
                }
            }
        }
    }
}
