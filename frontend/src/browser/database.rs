//! IndexedDB as futures: a transaction begins when it is asked for, and what it waits for are promises.
//!
//! Everything may be refused (blocked, private mode, no space, closed by the browser), which is one error.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbVersionChangeEvent};

use crate::browser::window;

/// The browser would not keep or read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

impl From<JsValue> for Refused {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// What a transaction may do, and how hard the browser writes it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Reads.
    Read,
    /// Writes; the data may be lost when the power fails within the next moments, never when a program crashes.
    Write,
    /// Writes, and is done only when the data is on the disk.
    WriteThrough,
}

/// An open database.
#[derive(Debug, Clone)]
pub struct Database(IdbDatabase);

impl Database {
    /// Opens a database; `upgrade` makes its stores when it is new or of an older version.
    pub async fn open(
        name: &str,
        version: u32,
        upgrade: fn(&IdbDatabase) -> Result<(), JsValue>,
    ) -> Result<Self, Refused> {
        let factory = window().indexed_db()?.ok_or(Refused)?;
        let request = factory.open_with_u32(name, version)?;
        let upgrading = Closure::once_into_js(move |event: IdbVersionChangeEvent| {
            let request = event
                .target()
                .and_then(|it| it.dyn_into::<IdbRequest>().ok());
            let database = request.and_then(|request| request.result().ok());
            // A database without its stores refuses every transaction, which is found out then.
            let _ = database.map(|database| upgrade(database.unchecked_ref()));
        });
        request.set_onupgradeneeded(Some(upgrading.unchecked_ref()));
        let database: IdbDatabase = answer(&request).await?.unchecked_into();
        // A tab of a later version wants to change the stores: it need not wait for this one.
        let closing = database.clone();
        let close = Closure::once_into_js(move || closing.close());
        database.set_onversionchange(Some(close.unchecked_ref()));
        Ok(Self(database))
    }

    /// Begins a transaction over some stores. Those that overlap and write run in the order in which they began.
    pub fn begin(&self, stores: &[&str], mode: Mode) -> Result<Transaction, Refused> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let (mode, durability) = match mode {
            Mode::Read => ("readonly", "default"),
            Mode::Write => ("readwrite", "relaxed"),
            Mode::WriteThrough => ("readwrite", "strict"),
        };
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &durability.into())?;
        let begin: Function = Reflect::get(&self.0, &"transaction".into())?.dyn_into()?;
        let transaction = begin.call3(&self.0, &names, &mode.into(), &options)?;
        let transaction: IdbTransaction = transaction.unchecked_into();
        let done = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        Ok(Transaction { transaction, done })
    }
}

/// A transaction under way. Dropped, it is carried out all the same.
#[derive(Debug)]
pub struct Transaction {
    transaction: IdbTransaction,
    done: Promise,
}

impl Transaction {
    /// One of its stores.
    pub fn store(&self, name: &str) -> Result<IdbObjectStore, Refused> {
        Ok(self.transaction.object_store(name)?)
    }

    /// Nothing more comes: the browser is to carry it out even if this page is gone in a moment.
    pub fn commit(self) -> impl Future<Output = Result<(), Refused>> + use<> {
        // What has failed by now, or an old browser that commits by itself, says so by the promise.
        let commit = Reflect::get(&self.transaction, &"commit".into())
            .and_then(|commit| commit.dyn_into::<Function>());
        let _ = commit.and_then(|commit| commit.call0(&self.transaction));
        async move {
            JsFuture::from(self.done).await?;
            Ok(())
        }
    }
}

/// What a request brought.
pub async fn answer(request: &IdbRequest) -> Result<JsValue, Refused> {
    let answered = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(answered).await?;
    Ok(request.result()?)
}

/// The texts in what a `getAll` brought; what is no text is left out.
pub async fn texts(request: &IdbRequest) -> Result<Vec<String>, Refused> {
    let values = Array::from(&answer(request).await?);
    Ok(values
        .iter()
        .filter_map(|value| value.as_string())
        .collect())
}
