//! Hosts that run code at their edge.
use super::{Pack, Site};
pub(super) fn netlify(_site: &Site) -> Pack { Pack { files: vec![], limits: vec![] } }
pub(super) fn cloudflare(_site: &Site) -> Pack { Pack { files: vec![], limits: vec![] } }
pub(super) fn vercel(_site: &Site) -> Pack { Pack { files: vec![], limits: vec![] } }
pub(super) fn s3(_site: &Site) -> Pack { Pack { files: vec![], limits: vec![] } }
