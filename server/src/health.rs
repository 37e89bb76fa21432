//! What machines ask: is it alive, is it ready, may I see its counters.

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use domain::person::Role;
use std::net::SocketAddr;

use crate::{api::token, problem::Problem, shared::Shared};

/// `GET /healthz`: this process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: it can reach its database, too.
pub async fn ready(State(shared): State<Shared>) -> Result<&'static str, Problem> {
    shared.ledger.ready().await?;
    Ok("ok\n")
}

/// Lets through what comes from this machine and through no proxy, or with an administrator's token.
pub async fn own(State(shared): State<Shared>, request: Request, next: Next) -> Result<Response, Problem> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let own = peer.is_some_and(|peer| peer.0.ip().is_loopback());
    if own && !request.headers().contains_key("x-forwarded-for") {
        return Ok(next.run(request).await);
    }
    let allow: crate::router::Allow = |role| role == Role::Administrator;
    token::require(State((shared, allow)), request, next).await
}
