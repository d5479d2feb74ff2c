// Looks at a served site in Chromium: `browser.mjs URL PATH…` prints one JSON object with what it saw. Every check names
// the page and the width, so that a failure can be seen again by hand.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [url, ...paths] = process.argv.slice(2);
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const problems = [];

for (const width of [360, 768, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    for (const path of paths) {
      const page = await context.newPage();
      const where = `${path} at ${width} px, ${colorScheme}`;
      page.on('pageerror', (error) => problems.push(`${where}: script error: ${error.message}`));
      page.on('requestfailed', (request) => request.url().includes('/.waypost/') || problems.push(`${where}: request failed: ${request.url()}`));
      page.on('request', (request) => request.url().startsWith(url) || request.url().startsWith('data:') || problems.push(`${where}: asks another host: ${request.url()}`));
      await page.goto(url + path, { waitUntil: 'load' });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) problems.push(`${where}: ${wide} px wider than the window`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      for (const violation of found.violations) {
        problems.push(`${where}: axe ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
      }
      await page.close();
    }
    await context.close();
  }
}

// Without scripts everything can be read: every panel of every tab group is there, under its label.
const still = await browser.newContext({ viewport: { width: 1440, height: 900 }, javaScriptEnabled: false });
for (const path of paths) {
  const page = await still.newPage();
  await page.goto(url + path);
  for (const panel of await page.locator('[role=tabpanel]').all()) {
    if (!(await panel.isVisible())) problems.push(`${path} without scripts: a panel is hidden`);
  }
  for (const label of await page.locator('.tab-label').all()) {
    if (!(await label.isVisible())) problems.push(`${path} without scripts: a label is hidden`);
  }
  await page.close();
}

// Tabs by click, key and link.
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(`${url}networking/connect/azure/`);
const group = page.locator('.tabs').first();
const open = () => group.locator(':scope > [role=tabpanel]:not([hidden])').count();
if ((await open()) !== 1) problems.push(`azure: ${await open()} panels are open at first`);
await group.locator('[role=tab]').nth(1).click();
if ((await group.locator('[role=tab]').nth(1).getAttribute('aria-selected')) !== 'true') problems.push('azure: a click opens no tab');
await page.keyboard.press('ArrowRight');
if ((await group.locator('[role=tab]').nth(2).getAttribute('aria-selected')) !== 'true') problems.push('azure: an arrow key opens no tab');
await page.goto(`${url}networking/connect/azure/?tab=VNet%20peering#create-a-private-connection-between-astro-and-azure`);
if (!(await page.locator('#create-a-private-connection-between-astro-and-azure').isVisible())) problems.push('azure: a link opens no tab');

await browser.close();
console.log(JSON.stringify({ problems }));
