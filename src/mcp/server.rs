//! Messages of the protocol in and out: what the site is, its tools, its pages as resources.

use std::borrow::Cow;
use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, CustomRequest, CustomResult,
    ErrorCode, ErrorData, Implementation, JsonObject, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse,
    ReadResourceResult, Resource, ResourceContents, ResourceTemplate, ServerCapabilities, ServerConfig, Tool,
    ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};
use serde_json::Value;

use super::{Shared, Site, tools};
use crate::site::slug::slug;

/// What addresses of resources begin with.
const SCHEME: &str = "waypost:///";
/// How many resources are listed at a time.
const RESOURCES: usize = 200;

/// Answers one client.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) shared: Shared,
}

impl Server {
    /// Asks the site where waiting for files holds nobody up.
    async fn ask<T: Send + 'static>(
        &self,
        answer: impl FnOnce(&Site) -> T + Send + 'static,
    ) -> Result<T, ErrorData> {
        let shared = self.shared.clone();
        let answered = tokio::task::spawn_blocking(move || shared.with(answer)).await;
        let failed = |error: &dyn std::fmt::Display| {
            ErrorData::internal_error(format!("the site cannot be read: {error}"), None)
        };
        answered.map_err(|error| failed(&error))?.map_err(|error| failed(&format!("{error:#}")))
    }
}

fn object(value: Value) -> Arc<JsonObject> {
    Arc::new(match value {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    })
}

/// The methods with parameters that this server knows.
const METHODS: [&str; 6] = [
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "initialize",
];

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        let told = self.shared.with(|site| {
            let folder = &site.folder;
            let name = slug(&folder.title);
            let server = Implementation::new(if name.is_empty() { "waypost".to_owned() } else { name }, env!("CARGO_PKG_VERSION"))
                .with_title(&folder.title)
                .with_description(&folder.description)
                .with_website_url(&folder.url);
            let said = if folder.description.is_empty() { String::new() } else { format!(": {}", folder.description.trim_end_matches('.')) };
            let find = if site.reader.is_some() { "Call `search` first, then `fetch` with the id of a result" } else { "Call `list`, then `fetch` with an id" };
            let text = format!(
                "The documentation of {}{said}. Read it before you rely on what you remember. {find}; an id with `#` is one section, and costs less than a page. `list` shows what there is.",
                folder.title
            );
            (server, text)
        });
        let config = ServerConfig::new(capabilities);
        match told {
            Ok((server, text)) => config.with_server_info(server).with_instructions(text),
            Err(_) => config.with_server_info(Implementation::new("waypost", env!("CARGO_PKG_VERSION"))),
        }
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let described = self.ask(|site| tools::described(&site.folder, site.reader.as_deref())).await?;
        let tools = described.into_iter().map(|(name, title, description, input, output)| {
            Tool::new(name, description, object(input))
                .with_title(title)
                .with_raw_output_schema(object(output))
                .with_annotations(
                    ToolAnnotations::with_title(title)
                        .read_only(true)
                        .destructive(false)
                        .idempotent(true)
                        .open_world(false),
                )
        });
        Ok(ListToolsResult::with_all_items(tools.collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let (name, arguments) = (request.name.clone(), request.arguments.unwrap_or_default());
        let called = self
            .ask(move |site| tools::call(&site.folder, site.reader.as_deref(), &name, arguments))
            .await?
            .ok_or_else(|| {
                ErrorData::invalid_params(Cow::Owned(format!("there is no tool `{}`", request.name)), None)
            })?;
        Ok(match called {
            Ok(answer) => {
                let mut result = CallToolResult::success(vec![ContentBlock::text(answer.to_string())]);
                result.structured_content = Some(answer);
                result.into()
            }
            Err(error) => CallToolResult::error(vec![ContentBlock::text(format!("{error:#}"))]).into(),
        })
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        let wrong = |error: String| ErrorData::invalid_params(error, None);
        let from: u64 = cursor
            .as_deref()
            .map_or(Ok(0), str::parse)
            .map_err(|_| wrong("this cursor was not given by this list".to_owned()))?;
        let (lines, next, folder) = self
            .ask(move |site| {
                site.folder.pages(from, RESOURCES).map(|(lines, next)| (lines, next, site.folder.clone()))
            })
            .await?
            .map_err(|error| wrong(format!("{error:#}")))?;
        let mut resources = Vec::new();
        if from == 0 {
            let index = Resource::new(format!("{SCHEME}llms.txt"), "llms.txt");
            resources
                .push(index.with_title(format!("Index of {}", folder.title)).with_mime_type("text/plain"));
        }
        resources.extend(lines.into_iter().map(|(_, line)| {
            let id = folder.id(&line.url);
            Resource::new(format!("{SCHEME}{id}.md"), id)
                .with_title(line.title)
                .with_mime_type("text/markdown")
        }));
        let mut listed = ListResourcesResult::with_all_items(resources);
        listed.next_cursor = next.map(|next| next.to_string());
        Ok(listed)
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let page = ResourceTemplate::new(format!("{SCHEME}{{+page}}.md"), "page")
            .with_title("A page")
            .with_description("The Markdown of a page, by its id")
            .with_mime_type("text/markdown");
        let index = ResourceTemplate::new(format!("{SCHEME}{{+path}}/llms.txt"), "index")
            .with_title("An index")
            .with_description("What is in a section, or the headings of a page")
            .with_mime_type("text/plain");
        let procedure = ResourceTemplate::new(format!("{SCHEME}{{+page}}.procedure.json"), "procedure")
            .with_title("A procedure")
            .with_description("The steps of a page as data, where the metadata of the page name it")
            .with_mime_type("application/json");
        Ok(ListResourceTemplatesResult::with_all_items(vec![page, index, procedure]))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.clone();
        let read = self
            .ask(move |site| match uri.strip_prefix(SCHEME) {
                Some(path) => tools::resource(&site.folder, path),
                None => Err(anyhow::anyhow!("the addresses of resources begin with `{SCHEME}`")),
            })
            .await?;
        let (text, kind) = read.map_err(|error| ErrorData::resource_not_found(format!("{error:#}"), None))?;
        Ok(ReadResourceResult::new(vec![ResourceContents::text(text, request.uri).with_mime_type(kind)])
            .into())
    }

    /// What comes here is no request of the protocol: its method is unknown, or its parameters do not fit.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let CustomRequest { method, .. } = request;
        Err(if METHODS.contains(&&*method) {
            ErrorData::invalid_params(format!("the parameters do not fit the method `{method}`"), None)
        } else {
            let shown: String = method.chars().take(100).collect();
            ErrorData::new(ErrorCode::METHOD_NOT_FOUND, format!("there is no method `{shown}`"), None)
        })
    }
}
