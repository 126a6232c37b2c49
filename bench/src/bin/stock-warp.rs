//! Stock warp: the chat example that comes with it, on `warp::ws()`, with rooms (`/ws?room=N`) and without the names that
//! it puts before each message, so that the frames are the same as everyone's.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio::sync::{RwLock, mpsc};
use warp::Filter;
use warp::ws::{Message, WebSocket};

/// Our global unique user id counter.
static NEXT_USER_ID: AtomicUsize = AtomicUsize::new(1);

/// Our state of currently connected users, by room.
type Users = Arc<RwLock<HashMap<String, HashMap<usize, mpsc::UnboundedSender<Message>>>>>;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    bench::machine::raise_open_files()?;
    let users = Users::default();
    let users = warp::any().map(move || Arc::clone(&users));
    let chat = warp::path("ws")
        .and(warp::ws())
        .and(warp::query::<HashMap<String, String>>())
        .and(users)
        .map(|ws: warp::ws::Ws, query: HashMap<String, String>, users| {
            let room = query.get("room").cloned().unwrap_or_default();
            ws.on_upgrade(move |socket| user_connected(socket, room, users))
        });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    warp::serve(chat).incoming(listener).run().await;
    Ok(())
}

async fn user_connected(ws: WebSocket, room: String, users: Users) {
    let my_id = NEXT_USER_ID.fetch_add(1, Ordering::Relaxed);
    let (mut user_ws_tx, mut user_ws_rx) = ws.split();
    // An unbounded channel buffers what the socket does not take yet.
    let (tx, mut rx) = mpsc::unbounded_channel::<Message>();
    tokio::task::spawn(async move {
        while let Some(message) = rx.recv().await {
            if user_ws_tx.send(message).await.is_err() {
                break;
            }
        }
    });
    let mut table = users.write().await;
    table.entry(room.clone()).or_default().insert(my_id, tx);
    drop(table);
    while let Some(Ok(message)) = user_ws_rx.next().await {
        user_message(&room, &message, &users).await;
    }
    if let Some(room) = users.write().await.get_mut(&room) {
        room.remove(&my_id);
    }
}

async fn user_message(room: &str, message: &Message, users: &Users) {
    let Ok(text) = message.to_str() else {
        return;
    };
    let table = users.read().await;
    for tx in table.get(room).into_iter().flat_map(HashMap::values) {
        // The user is gone; `user_connected` notices it.
        let _ = tx.send(Message::text(text.to_owned()));
    }
}
