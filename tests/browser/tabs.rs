//! Tabs as readers use them.

use super::support;
use super::support::browser::{Browser, WIDE};

#[test]
fn tabs_open_by_click_by_key_and_by_link() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&format!("{}networking/connect/azure/", server.url));
    assert_eq!(tab.eval::<usize>("document.querySelector('.tabs').querySelectorAll(':scope > [role=tabpanel]:not([hidden])').length"), 1);
    tab.click(".tabs [role=tab]:nth-of-type(2)");
    tab.until("document.querySelector('.tabs [role=tab]:nth-of-type(2)').ariaSelected === 'true'");
    tab.press("ArrowRight");
    tab.until("document.querySelector('.tabs [role=tab]:nth-of-type(3)').ariaSelected === 'true'");
    let heading = "create-a-private-connection-between-astro-and-azure";
    tab.goto(&format!("{}networking/connect/azure/?tab=VNet%20peering#{heading}", server.url));
    assert!(tab.is_visible(&format!("#{heading}")));
    assert_eq!(tab.thrown(), Vec::<String>::new());
}
