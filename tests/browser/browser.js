/* SPDX-License-Identifier: BSD-3-Clause */
// Chromium, driven by playwright-core: pages by file path, without a network.
'use strict';
const assert = require('assert');
const fs = require('fs');
const { chromium } = require('playwright-core');

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// visit(): opens a page and has `check(page, milliseconds)` look at it; fails where the page logs,
// throws, asks, or wants anything but itself.
exports.open = async () => {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
  const visit = async (url, options, check) => {
    const context = await browser.newContext({ offline: true, ...options });
    context.setDefaultTimeout(8000);
    const page = await context.newPage();
    const wrong = [];
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('dialog', (dialog) => { wrong.push(dialog.message()); dialog.dismiss(); });
    page.on('request', (request) => request.url().split('#')[0] === url || wrong.push(request.url()));
    const before = Date.now();
    await page.goto(url, { waitUntil: 'load' });
    // The second frame comes when the first one has been drawn.
    if (options.javaScriptEnabled !== false)
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await check(page, Date.now() - before);
    assert.deepStrictEqual(wrong, []);
    await context.close();
  };
  return { visit, close: () => browser.close() };
};

// Fails where axe-core finds a serious or critical fault.
exports.faults = async (page, state) => {
  await page.evaluate(axe);
  const result = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  const found = result.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary]);
  assert.deepStrictEqual(found, [], state);
  assert(result.passes.some((rule) => rule.id === 'color-contrast'), 'contrast was not looked at');
};
