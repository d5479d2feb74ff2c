//! A real Chromium, driven over its own protocol: tests say what a reader does and what must be there then.
//!
//! Each call waits for what it did. What a page throws, and every address that it asks for, is kept.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams, SetScriptExecutionDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::fetch::{
    ContinueRequestParams, EnableParams, EventRequestPaused, RequestPattern,
};
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams,
};
use chromiumoxide::cdp::browser_protocol::network::EventRequestWillBeSent;
use chromiumoxide::cdp::browser_protocol::page::{
    CaptureScreenshotFormat, NavigateParams, PrintToPdfParams, ReloadParams,
};
use chromiumoxide::cdp::js_protocol::runtime::{EvaluateParams, EventExceptionThrown};
use chromiumoxide::page::ScreenshotParams;
use chromiumoxide::{Page, keys};
use futures::StreamExt;
use serde::de::DeserializeOwned;

/// How long something may take to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser of its own; it ends when it goes out of scope.
pub(crate) struct Browser {
    runtime: tokio::runtime::Runtime,
    chromium: chromiumoxide::Browser,
    _profile: tempfile::TempDir,
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) dark: bool,
    /// Whether scripts run.
    pub(crate) scripts: bool,
}

/// Light, 1440 by 900, with scripts.
pub(crate) const WIDE: Look = Look { width: 1440, height: 900, dark: false, scripts: true };

/// Light, 360 by 780, with scripts.
pub(crate) const NARROW: Look = Look { width: 360, height: 780, dark: false, scripts: true };

/// A page in the browser.
pub(crate) struct Tab<'a> {
    browser: &'a Browser,
    page: Page,
    asked: Arc<Mutex<Vec<String>>>,
    thrown: Arc<Mutex<Vec<String>>>,
}

impl Browser {
    /// Starts Chromium with an empty profile.
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime starts");
        let profile = tempfile::tempdir().expect("a temporary folder");
        let executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
            .into_iter()
            .find(|path| Path::new(path).exists())
            .expect("`make tools` installs Chromium");
        let config = chromiumoxide::browser::BrowserConfig::builder()
            .chrome_executable(executable)
            .user_data_dir(profile.path())
            .no_sandbox()
            .new_headless_mode()
            .viewport(None)
            .launch_timeout(Duration::from_mins(1))
            .arg("disable-gpu")
            .arg("disable-quic")
            .arg("disable-component-update")
            .build()
            .expect("the settings are complete");
        let chromium = runtime.block_on(async {
            let (browser, mut handler) =
                chromiumoxide::Browser::launch(config).await.expect("Chromium starts");
            tokio::spawn(async move { while handler.next().await.is_some() {} });
            browser
        });
        Self { runtime, chromium, _profile: profile }
    }

    /// Opens an empty page. `before` is run in each document before its own scripts.
    pub(crate) fn page(&self, look: Look) -> Tab<'_> {
        self.runtime.block_on(async {
            let page = self.chromium.new_page("about:blank").await.expect("a page opens");
            let metrics = SetDeviceMetricsOverrideParams::builder()
                .width(look.width)
                .height(look.height)
                .device_scale_factor(1.0)
                .mobile(false)
                .build()
                .expect("complete");
            page.execute(metrics).await.expect("a size can be set");
            let scheme = if look.dark { "dark" } else { "light" };
            let media = SetEmulatedMediaParams::builder()
                .feature(MediaFeature::new("prefers-color-scheme", scheme))
                .feature(MediaFeature::new("prefers-reduced-motion", "reduce"))
                .build();
            page.execute(media).await.expect("media can be set");
            // What is copied is kept where a test can read it.
            page.evaluate_on_new_document(
                "Object.defineProperty(navigator, 'clipboard', { value: { writeText: function (text) { window.copied = text; return Promise.resolve(); } } });",
            )
            .await
            .expect("a script can be set");
            if !look.scripts {
                let off = SetScriptExecutionDisabledParams::new(true);
                page.execute(off).await.expect("scripts can be turned off");
            }
            let asked = Arc::new(Mutex::new(Vec::new()));
            let thrown = Arc::new(Mutex::new(Vec::new()));
            let mut requests = page.event_listener::<EventRequestWillBeSent>().await.expect("it listens");
            let mut errors = page.event_listener::<EventExceptionThrown>().await.expect("it listens");
            let (to, error_to) = (Arc::clone(&asked), Arc::clone(&thrown));
            tokio::spawn(async move {
                while let Some(event) = requests.next().await {
                    to.lock().expect("no panic").push(event.request.url.clone());
                }
            });
            tokio::spawn(async move {
                while let Some(event) = errors.next().await {
                    let details = &event.exception_details;
                    let said = details.exception.as_ref().and_then(|it| it.description.clone());
                    error_to.lock().expect("no panic").push(said.unwrap_or_else(|| details.text.clone()));
                }
            });
            Tab { browser: self, page, asked, thrown }
        })
    }
}

impl Drop for Tab<'_> {
    /// Closes the page: the preview's connection that each one holds open is one of six that a browser has to a server.
    fn drop(&mut self) {
        let page = self.page.clone();
        // A browser that is gone has closed it already.
        let _ = self.browser.runtime.block_on(page.close());
    }
}

impl Tab<'_> {
    fn wait_for<T>(&self, future: impl Future<Output = T>) -> T {
        self.browser.runtime.block_on(future)
    }

    /// Goes to an address and waits until it is loaded.
    pub(crate) fn goto(&self, url: &str) {
        // The browser answers when the document begins; chromiumoxide's own `goto` waits for events that need not come.
        self.wait_for(async {
            let answer = self.page.execute(NavigateParams::new(url)).await;
            let answer = answer.unwrap_or_else(|error| panic!("{url}: {error}"));
            assert!(answer.error_text.is_none(), "{url}: {:?}", answer.error_text);
        });
        self.until("document.readyState === 'complete'");
    }

    /// A script that runs in each later document before its own.
    pub(crate) fn before_scripts(&self, script: &str) {
        self.wait_for(async {
            self.page.evaluate_on_new_document(script).await.expect("a script can be set");
        });
    }

    /// Lets scripts come late, long after the page is painted.
    pub(crate) fn delay_scripts(&self, delay: Duration) {
        self.wait_for(async {
            let mut paused = self.page.event_listener::<EventRequestPaused>().await.expect("it listens");
            let page = self.page.clone();
            tokio::spawn(async move {
                while let Some(event) = paused.next().await {
                    let page = page.clone();
                    tokio::spawn(async move {
                        tokio::time::sleep(delay).await;
                        // A page that was left in the meantime needs no script.
                        drop(page.execute(ContinueRequestParams::new(event.request_id.clone())).await);
                    });
                }
            });
            let pattern = RequestPattern::builder().url_pattern("*.js").build();
            let enable = EnableParams::builder().pattern(pattern).build();
            self.page.execute(enable).await.expect("requests can be held");
        });
    }

    /// Loads the page anew.
    pub(crate) fn reload(&self) {
        self.run("window.old = true");
        self.wait_for(async {
            self.page.execute(ReloadParams::default()).await.expect("it loads");
        });
        self.until("!window.old");
        self.until("document.readyState === 'complete'");
    }

    /// What a script comes to; promises are waited for.
    pub(crate) fn eval<T: DeserializeOwned>(&self, script: &str) -> T {
        self.try_eval(script).unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    fn try_eval<T: DeserializeOwned>(&self, script: &str) -> Result<T, String> {
        let params = EvaluateParams::builder()
            .expression(script)
            .await_promise(true)
            .return_by_value(true)
            .build()
            .expect("complete");
        self.wait_for(async {
            let result = self.page.evaluate_expression(params).await.map_err(|error| error.to_string())?;
            let value = result.value().cloned().unwrap_or(serde_json::Value::Null);
            serde_json::from_value(value).map_err(|error| error.to_string())
        })
    }

    /// Runs a script for what it does.
    pub(crate) fn run(&self, script: &str) {
        let _: serde_json::Value = self.eval(&format!("(() => {{ {script}; return null; }})()"));
    }

    /// Waits until a condition holds.
    pub(crate) fn until(&self, condition: &str) {
        let start = Instant::now();
        loop {
            let seen = self.try_eval::<bool>(&format!("!!({condition})"));
            if seen == Ok(true) {
                return;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "waited for `{condition}`: {seen:?}; the page is {:?}; it threw {:?}",
                self.url(),
                self.thrown()
            );
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    /// Scrolls an element into view and clicks on its middle with the mouse.
    pub(crate) fn click(&self, selector: &str) {
        self.until(&format!("document.querySelector({selector:?})"));
        self.wait_for(async {
            let element = self.page.find_element(selector).await.expect("it is there");
            element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
        });
    }

    /// Lets things move, as for readers who did not ask for less of it.
    pub(crate) fn allow_motion(&self) {
        let media = SetEmulatedMediaParams::builder()
            .feature(MediaFeature::new("prefers-reduced-motion", "no-preference"))
            .build();
        self.wait_for(async {
            self.page.execute(media).await.expect("media can be set");
        });
    }

    /// Puts the mouse at a place of the window, in CSS pixels.
    pub(crate) fn point(&self, x: f64, y: f64) {
        self.wait_for(async {
            let at = chromiumoxide::layout::Point { x, y };
            self.page.move_mouse(at).await.expect("the mouse moves");
        });
    }

    /// Puts the mouse over an element.
    pub(crate) fn hover(&self, selector: &str) {
        self.wait_for(async {
            let element = self.page.find_element(selector).await.expect("it is there");
            element.hover().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
        });
    }

    /// Presses a key by its name (`ArrowRight`, `Enter`, `k`, `Control+k`) on whatever has the focus.
    pub(crate) fn press(&self, key: &str) {
        let (modifier, name) = match key.rsplit_once('+') {
            Some(("Alt", name)) => (1, name),
            Some(("Control", name)) => (2, name),
            Some(("Meta", name)) => (4, name),
            Some(("Shift", name)) => (8, name),
            Some((other, _)) => panic!("{other} is no modifier"),
            None => (0, key),
        };
        let definition = keys::get_key_definition(name).unwrap_or_else(|| panic!("{name} is no key"));
        let text = definition.text.or((definition.key.len() == 1).then_some(definition.key));
        let mut event = DispatchKeyEventParams::builder()
            .key(definition.key)
            .code(definition.code)
            .modifiers(modifier)
            .windows_virtual_key_code(definition.key_code);
        if let Some(text) = text.filter(|_| modifier == 0) {
            event = event.text(text);
        }
        let down = event.clone().r#type(DispatchKeyEventType::KeyDown).build().expect("complete");
        let up = event.r#type(DispatchKeyEventType::KeyUp).build().expect("complete");
        self.wait_for(async {
            self.page.execute(down).await.expect("a key goes down");
            self.page.execute(up).await.expect("a key goes up");
        });
    }

    /// Types text into whatever has the focus.
    pub(crate) fn write(&self, text: &str) {
        self.wait_for(async {
            self.page.execute(InsertTextParams::new(text)).await.expect("text is typed");
        });
    }

    /// Whether an element is there and can be seen.
    pub(crate) fn is_visible(&self, selector: &str) -> bool {
        self.eval(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); return !!e && e.checkVisibility({{ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true }}) && e.getClientRects().length > 0; }})()"
        ))
    }

    /// The text of the first element that fits.
    pub(crate) fn text(&self, selector: &str) -> String {
        self.until(&format!("document.querySelector({selector:?})"));
        self.eval(&format!("document.querySelector({selector:?}).textContent.trim()"))
    }

    /// How many elements fit.
    pub(crate) fn count(&self, selector: &str) -> usize {
        self.eval(&format!("document.querySelectorAll({selector:?}).length"))
    }

    /// What was copied last.
    pub(crate) fn copied(&self) -> String {
        self.until("window.copied !== undefined");
        self.eval("window.copied")
    }

    /// The address of the page.
    pub(crate) fn url(&self) -> String {
        self.try_eval("location.href").unwrap_or_default()
    }

    /// Every address that was asked for since the page was opened.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }

    /// What scripts threw.
    pub(crate) fn thrown(&self) -> Vec<String> {
        self.thrown.lock().expect("no panic").clone()
    }

    /// The page as it is printed.
    pub(crate) fn pdf(&self) -> Vec<u8> {
        self.wait_for(async { self.page.pdf(PrintToPdfParams::default()).await.expect("it prints") })
    }

    /// What is seen of the page, as PNG.
    pub(crate) fn screenshot(&self) -> Vec<u8> {
        let params = ScreenshotParams::builder().format(CaptureScreenshotFormat::Png).build();
        self.wait_for(async { self.page.screenshot(params).await.expect("it can be seen") })
    }
    /// What is seen of the page, as WebP of a quality of at most 100.
    pub(crate) fn picture(&self, quality: i64) -> Vec<u8> {
        let params =
            ScreenshotParams::builder().format(CaptureScreenshotFormat::Webp).quality(quality).build();
        self.wait_for(async { self.page.screenshot(params).await.expect("it can be seen") })
    }
}
