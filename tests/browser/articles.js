/* SPDX-License-Identifier: BSD-3-Clause */
// The page of articles in a browser: usage: articles.js SEEDS.html MANY.html HOSTILE.html DATED.html FOLDER
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { open, faults } = require('./browser.js');

const [seeds, many, hostile, dated] = process.argv.slice(2, 6).map((file) => 'file://' + path.resolve(file));
const folder = process.argv[6]; // for what the page saves
const OPEN_MS = 2000;

// The marks of an article that can be seen, by their slots.
const seenMarks = (article) => article.locator('mark').evaluateAll((marks) => marks
  .filter((mark) => !/, 0\)$/.test(getComputedStyle(mark).backgroundColor))
  .map((mark) => mark.className));
const pressed = (button) => button.getAttribute('aria-pressed');
const colour = (locator) => locator.evaluate((e) => getComputedStyle(e).backgroundColor);

const openAll = (page) => page.locator('#open').click();
const shownTitles = (page) => page.locator('article:visible h3').allInnerTexts();

// What a button of the page saves.
const saved = async (page, button) => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator(button).click()]);
  const file = path.join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return fs.readFileSync(file, 'utf8');
};

// Says of the first article that it is right as it is, and saves that.
const corrected = async (page) => {
  await page.locator('.right').first().click();
  return saved(page, '#save');
};

const checks = {
  async 'headlines open, all at once and by their address'(page) {
    assert.strictEqual(await page.locator('.text:visible').count(), 0);
    await page.locator('article > details > summary').nth(1).click();
    assert.strictEqual(await page.locator('.text:visible').count(), 1);
    await openAll(page);
    const all = await page.locator('article').count();
    assert.strictEqual(await page.locator('article > details[open]').count(), all);
    await openAll(page);
    assert.strictEqual(await page.locator('article > details[open]').count(), 0);
    const id = await page.locator('article').nth(3).getAttribute('id');
    await page.evaluate((hash) => { location.hash = hash; }, id);
    await page.waitForSelector(`#${id} > details[open]`);
    assert.strictEqual(await page.locator('article > details[open]').count(), 1);
  },

  async 'two filters and a search together'(page) {
    const all = await shownTitles(page);
    const file = await page.locator('#file option').nth(2).getAttribute('value');
    await page.locator('#file').selectOption(file);
    const ofFile = await shownTitles(page);
    assert(ofFile.length > 0 && ofFile.length < all.length);
    await page.locator('.row[data-f="3"]').click();
    const both = await shownTitles(page);
    assert(both.length > 0 && both.length < ofFile.length && both.every((title) => ofFile.includes(title)));
    await page.locator('#search').fill(both[0].slice(-10));
    assert.deepStrictEqual(await shownTitles(page), both.slice(0, 1));
    await page.locator('#search').fill('没有这样的话');
    assert.strictEqual(await page.locator('article:visible').count(), 0);
    await page.locator('#search').fill('');
    await page.locator('.row[data-f="3"]').click();
    await page.locator('#file').selectOption('');
    assert.deepStrictEqual(await shownTitles(page), all);
  },

  async 'sorting, and back'(page) {
    const all = await shownTitles(page);
    await page.locator('#order').selectOption('sure');
    const unsure = await page.locator('article').evaluateAll((l) => l.map((a) => Number(a.dataset.u)));
    assert.deepStrictEqual(unsure, [...unsure].sort((a, b) => a - b));
    await page.locator('#order').selectOption('headline');
    assert.deepStrictEqual([...await shownTitles(page)].sort(), [...all].sort());
    assert.notDeepStrictEqual(await shownTitles(page), all);
    await page.locator('#order').selectOption('');
    assert.deepStrictEqual(await shownTitles(page), all);
    assert.strictEqual(await page.locator('section:visible').count(), 5);
  },

  async 'a label is corrected by mouse and by keyboard, undone and saved'(page) {
    const article = page.locator('article').first();
    await article.locator('summary').first().click();
    const tags = () => article.locator('.tag').allInnerTexts();
    const before = await tags();
    await article.locator('.edit').first().click();
    assert.deepStrictEqual(await tags(), before.slice(1));
    await article.locator('.undo').click();
    assert.deepStrictEqual(await tags(), before);
    assert(await page.locator('#save').isDisabled());
    await page.keyboard.press('1');
    assert.deepStrictEqual(await tags(), before.slice(1));
    await article.locator('.add select').focus();
    await article.locator('.add select').selectOption({ label: '营商环境' });
    assert((await tags()).includes('营商环境'));
    const second = page.locator('article').nth(1);
    await page.keyboard.press('j');
    await second.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    await second.locator('.right').focus();
    await page.keyboard.press('Enter');
    assert.strictEqual(await page.locator('#save b').innerText(), '2');
    const records = (await saved(page, '#save')).trim().split('\n').map((line) => JSON.parse(line));
    assert.deepStrictEqual(records.map((record) => record.labels), [['business-environment'], ['party-building']]);
    const title = await article.locator('h3').innerText();
    assert.strictEqual(records[0].title, title);
    assert(records[0].text.length > 200);
  },

  async 'what is shown is saved as a table'(page) {
    await page.locator('.row[data-f="0"]').click();
    const count = await page.locator('article:visible').count();
    const csv = await saved(page, '#csv');
    assert(csv.startsWith('\uFEFFfile,place,date,title,topics,corrected,text\r\n'));
    assert.strictEqual(csv.match(/\r\n/g).length, 1 + count);
    assert(csv.includes('"扫黑除恶"'));
  },

  async 'a chip shows its marks alone'(page) {
    await openAll(page);
    const article = page.locator('article', { has: page.locator('[data-s=b]') }).first();
    const [a, b] = [article.locator('[data-s=a]'), article.locator('[data-s=b]')];
    const all = await seenMarks(article);
    assert(all.length > 0);
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
      assert.match(await page.locator('[role=status]').innerText(), new RegExp(`^显示 ${count} / `));
      assert.strictEqual(await page.locator('section:visible:not(:has(article:visible))').count(), 0);
      await row.click();
      assert.strictEqual(await page.locator('article:visible').count(), await page.locator('article').count());
    }
  },

  async 'the keyboard is enough'(page) {
    const focused = () => page.evaluate(() => document.activeElement.className || document.activeElement.tagName);
    const tabTo = async (wanted) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        if ((await focused()) === wanted) return;
      }
      assert.fail(`no way to ${wanted} by Tab`);
    };
    await page.keyboard.press('/');
    assert.strictEqual(await page.evaluate(() => document.activeElement.id), 'search');
    await tabTo('row');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.strictEqual(outline, 'solid', 'the focus cannot be seen');
    await page.keyboard.press('Enter');
    assert.strictEqual(await page.locator('.row[aria-pressed=true]').count(), 1);
    await page.keyboard.press('Enter');
    assert.strictEqual(await page.locator('.row[aria-pressed=true]').count(), 0);
    await tabTo('SUMMARY');
    await page.keyboard.press('Enter');
    assert.strictEqual(await page.locator('.text:visible').count(), 1);
    await tabTo('chip');
    await page.keyboard.press('Space');
    assert.strictEqual(await page.locator('article[data-on]').count(), 1);
    await tabTo('SUMMARY');
    await page.keyboard.press('Enter');
    assert.strictEqual(await page.locator('details[open] dd').first().isVisible(), true);
    const place = () => page.evaluate(() => [...document.querySelectorAll('article')]
      .indexOf(document.activeElement.closest('article')));
    await page.keyboard.press('j');
    assert.strictEqual(await place(), 1);
    await page.keyboard.press('k');
    assert.strictEqual(await place(), 0);
  },

  async 'accessible, as it opens and in use'(page) {
    await faults(page, 'as it opens');
    await openAll(page);
    await page.locator('[data-s=b]').first().click();
    await page.locator('.edit').first().click();
    await page.locator('.row').first().click();
    for (const summary of await page.locator('article:visible .reasons summary').all()) await summary.click();
    await faults(page, 'in use');
  },

  async 'nothing is wider than the page'(page) {
    await openAll(page);
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
    assert.strictEqual(await page.locator('.js:visible').count(), 0);
    await page.locator('article summary').first().click();
    assert((await seenMarks(page.locator('article').first())).length > 0);
    assert.strictEqual(await page.locator('.text:visible').count(), 1);
  });
  await browser.visit(seeds, { colorScheme: 'dark' }, async (page) => {
    await page.emulateMedia({ media: 'print' });
    assert.strictEqual(await colour(page.locator('body')), 'rgb(255, 255, 255)', 'dark on paper');
    assert((await seenMarks(page.locator('article').first())).length > 0);
  });
  console.log('ok without script, and on paper');

  await browser.visit(hostile, {}, async (page) => {
    const words = await page.locator('article').first().innerText();
    assert(words.includes('<script>alert(1)</script>') && words.includes('<b>') && !words.includes('**'), words);
    assert.strictEqual(await page.evaluate(() => document.scripts.length), 1);
    await faults(page, 'hostile');
    const record = JSON.parse((await corrected(page)).trim());
    assert.strictEqual(record.title, '=<script>alert(1)</script>\u202e"\'');
    assert.strictEqual(record.text, '**<script>alert(1)</script>**<img src=x onerror=alert(2)>&lt;b&gt;');
    const csv = await saved(page, '#csv');
    assert(csv.includes(`"'=<script>`) && csv.includes('"<script>alert(1)</script>'), csv);
  });
  console.log('ok hostile text');

  await browser.visit(dated, {}, async (page) => {
    assert.strictEqual(await page.evaluate(() => document.documentElement.lang), 'en');
    await page.locator('#order').selectOption('date');
    assert.deepStrictEqual(await shownTitles(page), ['May', 'March', 'none']);
    await page.locator('#from').fill('2024-04-01');
    assert.deepStrictEqual(await shownTitles(page), ['May']);
    await page.locator('#from').fill('');
    await page.locator('#to').fill('2024-04-01');
    assert.deepStrictEqual(await shownTitles(page), ['March']);
    assert.match(await page.locator('[role=status]').innerText(), /^Showing 1 \/ 3$/);
    assert(await page.evaluate(() => document.querySelector('nav').scrollWidth <= document.querySelector('nav').clientWidth));
    await faults(page, 'dated');
  });
  console.log('ok dates');

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
