// The page of articles in a browser: usage: articles.js SEEDS.html MANY.html HOSTILE.html
'use strict';
const assert = require('assert');
const path = require('path');
const { open, faults } = require('./browser.js');

const [seeds, many, hostile] = process.argv.slice(2).map((file) => 'file://' + path.resolve(file));
const OPEN_MS = 2000;

// The marks of an article that can be seen, by their slots.
const seenMarks = (article) => article.locator('mark').evaluateAll((marks) => marks
  .filter((mark) => !/, 0\)$/.test(getComputedStyle(mark).backgroundColor))
  .map((mark) => mark.className));
const pressed = (button) => button.getAttribute('aria-pressed');
const colour = (locator) => locator.evaluate((e) => getComputedStyle(e).backgroundColor);

const checks = {
  async 'a chip shows its marks alone'(page) {
    const article = page.locator('article', { has: page.locator('[data-s=b]') }).first();
    const [a, b] = [article.locator('[data-s=a]'), article.locator('[data-s=b]')];
    const all = await seenMarks(article);
    assert.strictEqual(all.length, await article.locator('mark').count());
    assert(all.some((m) => !m.includes('a')) && all.some((m) => !m.includes('b')));
    const other = article.locator('mark:not([class*=a])').first();
    const before = await colour(other);
    await b.click();
    assert.strictEqual(await pressed(b), 'true');
    assert.deepStrictEqual(await seenMarks(article), all.filter((m) => m.includes('b')));
    assert.strictEqual(await colour(other), before, 'a mark changes its colour');
    await a.click();
    assert.deepStrictEqual([await pressed(a), await pressed(b)], ['true', 'false']);
    assert.deepStrictEqual(await seenMarks(article), all.filter((m) => m.includes('a')));
    await a.click();
    assert.deepStrictEqual(await seenMarks(article), all);
  },

  async 'the filter filters'(page) {
    for (const row of await page.locator('.row').all()) {
      const want = await row.getAttribute('data-f');
      await row.click();
      const shown = await page.locator('article:visible').evaluateAll((l) => l.map((a) => a.dataset.t));
      const count = Number(await row.locator('b').innerText());
      assert.strictEqual(shown.length, count);
      assert(count > 0 && shown.every((t) => t.split(' ').includes(want)), `${want}: ${shown}`);
      assert.match(await page.locator('[role=status]').innerText(), new RegExp(`^Showing ${count} of `));
      assert.strictEqual(await page.locator('section:visible:not(:has(article:visible))').count(), 0);
      await row.click();
      assert.strictEqual(await page.locator('article:visible').count(), await page.locator('article').count());
    }
  },

  async 'the keyboard is enough'(page) {
    const focused = () => page.evaluate(() => document.activeElement.className);
    const tabTo = async (wanted) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        if ((await focused()) === wanted || (wanted === '' && await page.evaluate(
          () => document.activeElement.tagName === 'SUMMARY'))) return;
      }
      assert.fail(`no way to ${wanted} by Tab`);
    };
    await tabTo('row');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.strictEqual(outline, 'solid', 'the focus cannot be seen');
    await page.keyboard.press('Enter');
    assert.strictEqual(await page.locator('.row[aria-pressed=true]').count(), 1);
    await page.keyboard.press('Enter');
    assert.strictEqual(await page.locator('.row[aria-pressed=true]').count(), 0);
    await tabTo('chip');
    await page.keyboard.press('Space');
    assert.strictEqual(await page.locator('article[data-on]').count(), 1);
    await tabTo('');
    await page.keyboard.press('Enter');
    assert.strictEqual(await page.locator('details[open] dd').first().isVisible(), true);
  },

  async 'accessible, as it opens and in use'(page) {
    await faults(page, 'as it opens');
    await page.locator('[data-s=b]').first().click();
    await page.locator('.row').first().click();
    for (const summary of await page.locator('article:visible summary').all()) await summary.click();
    await faults(page, 'in use');
  },

  async 'nothing is wider than the page'(page) {
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  },
};

(async () => {
  const browser = await open();
  for (const colorScheme of ['light', 'dark'])
    for (const viewport of [{ width: 1200, height: 900 }, { width: 390, height: 844 }])
      for (const [name, check] of Object.entries(checks)) {
        await browser.visit(seeds, { colorScheme, viewport }, check);
        console.log(`ok ${name} (${colorScheme}, ${viewport.width})`);
      }

  await browser.visit(seeds, { javaScriptEnabled: false }, async (page) => {
    assert.strictEqual(await page.locator('article:visible').count(), await page.locator('article').count());
    assert((await seenMarks(page.locator('article').first())).length > 0);
  });
  await browser.visit(seeds, { colorScheme: 'dark' }, async (page) => {
    await page.emulateMedia({ media: 'print' });
    assert.strictEqual(await colour(page.locator('body')), 'rgb(255, 255, 255)', 'dark on paper');
    assert((await seenMarks(page.locator('article').first())).length > 0);
  });
  console.log('ok without script, and on paper');

  await browser.visit(hostile, {}, async (page) => {
    assert((await page.locator('article').first().innerText()).includes('<script>alert(1)</script>'));
    assert.strictEqual(await page.evaluate(() => document.scripts.length), 1);
    await faults(page, 'hostile');
  });
  console.log('ok hostile text');

  await browser.visit(many, {}, async (page, milliseconds) => {
    assert.strictEqual(await page.locator('article').count(), 500);
    assert(milliseconds < OPEN_MS, `500 articles open in ${milliseconds} ms`);
    console.log(`ok 500 articles open in ${milliseconds} ms`);
    const before = Date.now();
    await page.locator('.row').first().click();
    await page.locator('article:visible').first().innerText();
    assert(Date.now() - before < OPEN_MS, 'the filter is slow');
  });
  await browser.close();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
