//! Every address of the server. The path is matched first and the method by the handler, so that a wrong method
//! is told from a wrong path.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::upgrade::OnUpgrade;
use warp::filters::BoxedFilter;
use warp::http::header::{CACHE_CONTROL, HeaderMap, HeaderValue};
use warp::http::{Method, StatusCode};
use warp::path::FullPath;
use warp::reply::{Reply, Response};
use warp::{Filter, Rejection};

use super::accept::{Peer, Place};
use super::refusal::{malformed, method_not_allowed, not_found, problem};
use super::{App, api, assets, upgrade};

/// Every address, as one filter that answers everything.
pub type Routes = BoxedFilter<(Response,)>;

/// The addresses of the server.
pub(super) fn routes(app: Arc<App>) -> Routes {
    let state = {
        let app = Arc::clone(&app);
        warp::any().map(move || Arc::clone(&app))
    };

    let socket = warp::path!("ws")
        .and(state.clone())
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(query())
        .and(warp::ext::optional::<OnUpgrade>())
        .and(warp::ext::optional::<Place>())
        .and(warp::ext::optional::<Peer>())
        .then(upgrade::upgrade);

    let path = warp::path::full().map(|path: FullPath| path.as_str().to_owned());
    let api = warp::path("api")
        .and(state.clone())
        .and(path)
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(query())
        .and(warp::ext::optional::<Peer>())
        .and(warp::body::stream())
        .then(api::api)
        .map(uncached);

    let healthz = warp::path!("healthz").and(warp::method()).map(healthz);
    let readyz = warp::path!("readyz")
        .and(state)
        .and(warp::method())
        .map(readyz);

    let dist = app.dist;
    let assets = warp::path::full()
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .map(move |path: FullPath, method: Method, headers: HeaderMap| {
            assets::answer(dist, &method, path.as_str(), &headers)
        });

    // Boxed one by one: the type of the whole would be some thousand characters long.
    let files = assets.boxed();
    let health = healthz.or(readyz).unify().boxed();
    let app = socket.boxed().or(api.boxed()).unify().boxed();
    let all = app.or(health).unify().or(files).unify();
    all.recover(recover).unify().boxed()
}

/// What stands behind the question mark, or nothing.
fn query() -> impl Filter<Extract = (String,), Error = Infallible> + Clone {
    let none = warp::any().map(String::new);
    warp::query::raw().or(none).unify()
}

/// What is under `/api` is about one person at one moment.
fn uncached(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    // Files say themselves how they are kept.
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(no_store);
    response
}

fn healthz(method: Method) -> Response {
    match method {
        Method::GET | Method::HEAD => uncached("ok\n".into_response()),
        other => method_not_allowed(&other, "GET, HEAD"),
    }
}

/// K3
fn readyz(app: Arc<App>, method: Method) -> Response {
    match method {
        Method::GET | Method::HEAD if app.rooms.is_draining() => {
            uncached(problem(shared::problem::Problem::Draining))
        }
        Method::GET | Method::HEAD => uncached("ready\n".into_response()),
        other => method_not_allowed(&other, "GET, HEAD"),
    }
}

/// What no handler answered: a filter could not make sense of the request.
async fn recover(rejection: Rejection) -> Result<Response, Infallible> {
    if rejection.is_not_found() {
        return Ok(not_found(""));
    }
    let detail = format!("{rejection:?}");
    Ok(malformed(StatusCode::BAD_REQUEST, &detail))
}
