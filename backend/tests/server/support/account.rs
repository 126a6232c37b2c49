//! What people do over HTTP besides signing in as guests.

use shared::http::{Account, Link};

use super::http::{Reply, Request};
use super::{Guest, Parlance};

/// A password that is good enough.
pub(crate) const PASSWORD: &str = "correct horse";

impl Parlance {
    /// Posts a JSON object, as nobody.
    pub(crate) async fn post(&self, path: &str, body: serde_json::Value) -> Reply {
        self.http(Request::post_json(path, &body.to_string())).await
    }

    /// The owner, who has set the server up.
    pub(crate) async fn owner(&self, name: &str) -> Guest {
        let code = self.setup_code().unwrap();
        let shown = serde_json::json!({"name": name, "password": PASSWORD, "code": code});
        let reply = self.post("/api/session/setup", shown).await;
        Guest::of(self.address(), &reply)
    }

    /// Somebody with an account.
    pub(crate) async fn member(&self, name: &str) -> Guest {
        let guest = self.sign_in(name).await;
        let change = serde_json::json!({"password": PASSWORD});
        let reply = guest.post("/api/account", change).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        guest
    }

    pub(crate) async fn sign_in_with(&self, name: &str, password: &str) -> Reply {
        let shown = serde_json::json!({"name": name, "password": password});
        self.post("/api/session", shown).await
    }

    /// With the code of a link.
    pub(crate) async fn follow(&self, kind: &str, name: &str, code: &str) -> Reply {
        let shown = serde_json::json!({"name": name, "code": code});
        self.post(&format!("/api/session/{kind}"), shown).await
    }
}

impl Guest {
    async fn ask(&self, request: Request) -> Reply {
        let request = request.header("Cookie", &self.cookie);
        request.send(self.address).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask(Request::get(path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: serde_json::Value) -> Reply {
        self.ask(Request::post_json(path, &body.to_string())).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.ask(Request::new("DELETE", path)).await
    }

    /// What they know about themselves.
    pub(crate) async fn account(&self) -> Account {
        let reply = self.get("/api/account").await;
        assert_eq!(reply.status, 200, "{reply:?}");
        serde_json::from_str(&reply.body).unwrap()
    }

    /// Gives somebody another role, as the owner.
    pub(crate) async fn make(&self, person: &Guest, role: &str) {
        let path = format!("/api/people/{}", person.me.id);
        let reply = self.post(&path, serde_json::json!({"role": role})).await;
        assert_eq!(reply.status, 204, "{reply:?}");
    }

    /// The code of an invitation.
    pub(crate) async fn invite(&self, role: &str, uses: u32) -> String {
        let invite = serde_json::json!({"role": role, "days": 7, "uses": uses});
        code(&self.post("/api/invites", invite).await)
    }

    /// Another session of the same person.
    pub(crate) async fn again(&self, server: &Parlance) -> Guest {
        let code = code(
            &self
                .post("/api/account/pass", serde_json::Value::Null)
                .await,
        );
        let reply = server.follow("pass", "", &code).await;
        Guest::of(self.address, &reply)
    }
}

/// The code of a link.
pub(crate) fn code(reply: &Reply) -> String {
    assert_eq!(reply.status, 201, "{reply:?}");
    let link: Link = serde_json::from_str(&reply.body).unwrap();
    link.url.split_once('#').unwrap().1.to_owned()
}
