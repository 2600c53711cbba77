/* SPDX-License-Identifier: BSD-3-Clause */
// The pages of an evaluation in a browser: usage: evaluation.js PAGE.html...
'use strict';
const assert = require('assert');
const path = require('path');
const { open, faults } = require('./browser.js');

(async () => {
  const browser = await open();
  for (const file of process.argv.slice(2))
    for (const colorScheme of ['light', 'dark'])
      for (const viewport of [{ width: 1200, height: 900 }, { width: 390, height: 844 }]) {
        await browser.visit('file://' + path.resolve(file), { colorScheme, viewport }, async (page) => {
          assert(await page.locator('svg:visible').count() > 2, 'no pictures');
          assert(await page.locator('table:visible').count() > 1, 'no tables');
          assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'wider than the page');
          await faults(page, file);
        });
        console.log(`ok ${path.basename(file)} (${colorScheme}, ${viewport.width})`);
      }
  await browser.close();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
