/* SPDX-License-Identifier: BSD-3-Clause */
// The desk in a browser: usage: desk.js ADDRESS SEED.txt [PICTURES]. An editor's day: a page dropped,
// labels corrected by mouse and by keyboard, a split mended, a search in either script, an export, a
// dozen corrections, a retraining watched, its comparison read, the model before put back.
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');
const { faults } = require('./browser.js');

const [address, seed, pictures] = process.argv.slice(2);
const home = new URL(address).origin;
const bearer = { Authorization: 'Bearer ' + new URL(address).searchParams.get('key') };
const RETRAINING_MS = 600000;

let file; // the address of the articles of the page that was dropped
const given = (page) => page.locator('.keys .chip[aria-pressed=true] bdi').allInnerTexts();
const picture = async (page, name) => {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
};

// The number of the model in use, as programs see it.
const current = async () => {
  const models = (await (await fetch(home + '/api/v1/models', { headers: bearer })).json()).models;
  return models.find((model) => model.state === 'current').id;
};

// Waits for the content to be that of the server's next answer.
const settled = async (page, act) => {
  const before = await page.locator('#content').elementHandle();
  await act();
  await page.waitForFunction((old) => !old.isConnected && document.getElementById('content'), before);
};

const drop = async (page, name, text) => {
  const data = await page.evaluateHandle(([file, content]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], file, { type: 'text/plain' }));
    return transfer;
  }, [name, text]);
  await page.dispatchEvent('[data-drop]', 'dragover', { dataTransfer: data });
  await Promise.all([page.waitForNavigation(), page.dispatchEvent('[data-drop]', 'drop', { dataTransfer: data })]);
};

const steps = {
  async 'a page dropped is split and labelled'(page) {
    await page.goto(home + '/inbox');
    await drop(page, path.basename(seed), fs.readFileSync(seed, 'utf8'));
    file = await page.locator('section .meta a').first().getAttribute('href');
    assert.strictEqual(await page.locator('.entry').count(), 5);
    assert((await page.locator('.entry .chip').allInnerTexts()).some((text) => text.includes('%')));
    await picture(page, 'dropped');
  },

  async 'a label by mouse'(page) {
    await page.goto(home + file);
    await page.locator('.entry .title').nth(2).click();
    await page.waitForLoadState();
    const before = await given(page);
    await settled(page, () => page.locator('.keys .chip[aria-pressed=false]').first().click());
    assert.strictEqual((await given(page)).length, before.length + 1);
    await settled(page, () => page.getByRole('button', { name: /撤销|Undo/ }).click());
    assert.deepStrictEqual(await given(page), before);
  },

  async 'a label by key; the next; back; undo; confirm'(page) {
    const before = await given(page);
    await settled(page, () => page.keyboard.press('3'));
    assert.notDeepStrictEqual(await given(page), before);
    await settled(page, () => page.keyboard.press('u'));
    assert.deepStrictEqual(await given(page), before);
    const here = page.url();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('j')]);
    assert.notStrictEqual(page.url(), here);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('k')]);
    assert.strictEqual(page.url(), here);
    await settled(page, () => page.keyboard.press('Enter'));
    assert(await page.locator('.history li').count() >= 5);
    await picture(page, 'article');
  },

  async 'a split mended'(page) {
    const title = await page.locator('.headline').innerText();
    await settled(page, () => page.locator('.begin').first().click());
    await page.goto(home + file);
    assert.strictEqual(await page.locator('.entry').count(), 6);
    await page.locator('.entry .title').nth(3).click();
    await page.waitForLoadState();
    await settled(page, () => page.keyboard.press('m'));
    assert.strictEqual(await page.locator('.headline').innerText(), title);
    await page.goto(home + file);
    assert.strictEqual(await page.locator('.entry').count(), 5);
  },

  async 'two letters find, in either script'(page) {
    const found = [];
    for (const word of ['扫黑', '掃黑']) {
      await page.goto(home + '/articles');
      await page.keyboard.press('/');
      await page.keyboard.type(word);
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      found.push(await page.locator('.entry .title').allInnerTexts());
    }
    assert(found[0].length > 0);
    assert.deepStrictEqual(found[0], found[1]);
    await picture(page, 'search');
  },

  async 'an export has what is shown'(page) {
    await page.goto(home + '/articles?topic=4');
    const shown = await page.locator('.entry .title').allInnerTexts();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'JSONL' }).click()]);
    const lines = fs.readFileSync(await file.path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    assert.deepStrictEqual(lines.map((line) => line.title), shown);
  },

  async 'a dozen corrections from the queue'(page) {
    await page.goto(home + '/next');
    await picture(page, 'queue');
    await page.locator('.entry .title').first().click();
    await page.waitForLoadState();
    for (let i = 0; i < 16; i++) {
      if (i % 3 === 0) await settled(page, () => page.keyboard.press('5'));
      await settled(page, () => page.keyboard.press('Enter'));
      await Promise.all([page.waitForNavigation(), page.keyboard.press('j')]);
      if (!page.url().includes('/articles/')) break;
    }
    await page.goto(home + '/models');
    await page.locator('button[name=start]').waitFor();
    assert(await page.locator('button[name=start]').isEnabled(), 'nothing is held back');
  },

  async 'a retraining watched to its end, its comparison read, and back'(page) {
    await page.locator('button[name=start]').click();
    await page.locator('[data-refresh] progress').waitFor();
    await picture(page, 'retraining');
    await page.locator('.result').waitFor({ timeout: RETRAINING_MS });
    const states = await page.locator('.models .state').allInnerTexts();
    assert.strictEqual(states.length, 2);
    await page.locator('.models summary').first().click();
    assert(await page.locator('.models td:visible').count() > 5);
    await picture(page, 'comparison');
    await faults(page, 'models');
    assert.strictEqual(await current(), 2, 'the new model is not in use');
    const page0 = fs.readFileSync(seed);
    const labelled = await fetch(home + '/api/v1/label', { method: 'POST', body: page0, headers: { ...bearer, 'Content-Type': 'text/plain' } });
    assert.strictEqual((await labelled.text()).trim().split('\n').length, 5);
    await page.locator('button[name=use]').click();
    await page.waitForFunction(() => document.querySelectorAll('.models .state')[1] &&
      /正在使用|in use/.test(document.querySelectorAll('.models .state')[1].textContent));
    assert.strictEqual(await current(), 1, 'the model before is not back');
  },

  async 'two people at one article: the second is told, and sees both versions'(page) {
    const other = await page.context().newPage();
    for (const one of [page, other]) await one.goto(home + '/articles/6');
    const before = await given(page);
    await settled(page, () => page.keyboard.press('6'));
    await other.keyboard.press('7');
    await other.locator('[role=alert]').waitFor();
    await picture(other, 'conflict');
    await faults(other, 'conflict');
    await other.close();
    await settled(page, () => page.keyboard.press('u'));
    assert.deepStrictEqual(await given(page), before);
  },
};

// What every page must be, in each light, width and language.
const looks = async (browser) => {
  for (const colorScheme of ['light', 'dark'])
    for (const viewport of [{ width: 1200, height: 900 }, { width: 390, height: 844 }])
      for (const locale of ['zh-CN', 'en-GB']) {
        const context = await browser.newContext({ colorScheme, viewport, locale });
        const page = await context.newPage();
        const wrong = watch(page);
        await page.goto(address);
        for (const place of ['inbox', 'articles', 'articles/3', 'next', 'models', 'topics', 'figures']) {
          await page.goto(`${home}/${place}`);
          await faults(page, `${place} ${colorScheme} ${viewport.width} ${locale}`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert(wide <= 0, `${place} is ${wide} px wider than ${viewport.width}`);
          const chinese = await page.evaluate(() => document.documentElement.lang.startsWith('zh'));
          assert.strictEqual(chinese, locale === 'zh-CN');
          await picture(page, `${place.replace('/', '-')}-${colorScheme}-${viewport.width}-${locale}`);
        }
        assert.deepStrictEqual(wrong, []);
        await context.close();
      }
};

const watch = (page) => {
  const wrong = [];
  page.on('console', (message) => wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => request.url().startsWith(home) || wrong.push(request.url()));
  return wrong;
};

// The same without a script, a page a click.
const plain = async (browser) => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN', acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(address);
  await page.setInputFiles('input[type=file]', seed);
  await page.getByRole('button', { name: '收下并分类' }).click();
  assert(await page.getByText('以前收过').isVisible());
  await page.goto(home + file);
  await page.locator('.entry .title').first().click();
  const before = await given(page);
  await page.locator('.keys .chip[aria-pressed=false]').first().click();
  assert.strictEqual((await given(page)).length, before.length + 1);
  await page.getByRole('button', { name: '撤销' }).click();
  assert.deepStrictEqual(await given(page), before);
  const title = await page.locator('.headline').innerText();
  await page.getByRole('button', { name: '另一篇从这里开始' }).first().click();
  await page.goto(home + file);
  assert.strictEqual(await page.locator('.entry').count(), 6);
  await page.locator('.entry .title').nth(1).click();
  await page.getByRole('button', { name: '并入上一篇' }).click();
  assert.strictEqual(await page.locator('.headline').innerText(), title);
  const found = [];
  for (const word of ['扫黑', '掃黑']) {
    await page.goto(home + '/articles');
    await page.locator('input[name=q]').fill(word);
    await page.getByRole('button', { name: '显示' }).click();
    found.push(await page.locator('.entry .title').allInnerTexts());
  }
  assert(found[0].length > 0);
  assert.deepStrictEqual(found[0], found[1]);
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  assert.strictEqual(fs.readFileSync(await csv.path(), 'utf8').trim().split('\r\n').length, found[0].length + 1);
  await page.goto(home + '/articles?judged=no');
  for (const link of await page.locator('.entry .title').evaluateAll((all) => all.map((one) => one.href))) {
    await page.goto(link);
    await page.getByRole('button', { name: '就是这样' }).click();
  }
  await page.goto(home + '/models');
  await page.getByRole('button', { name: '开始重训' }).click();
  await page.getByRole('button', { name: '停止' }).click();
  await page.getByRole('button', { name: '开始重训' }).click();
  await page.locator('.result').waitFor({ timeout: RETRAINING_MS }); // the page is loaded again by itself
  assert.strictEqual(await page.locator('.models .state').first().innerText(), '正在使用');
  await page.locator('.models summary').first().click();
  assert(await page.locator('.models td:visible').count() > 5);
  await page.locator('button[name=use]').last().click();
  assert.strictEqual(await page.locator('.models .state').last().innerText(), '正在使用');
  await context.close();
};

(async () => {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1200, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  const wrong = watch(page);
  await page.goto(address);
  assert.strictEqual(page.url(), home + '/inbox', 'the key stays in the address');
  for (const [name, step] of Object.entries(steps)) {
    await step(page);
    assert.deepStrictEqual(wrong, [], name);
    console.log(`ok ${name}`);
  }
  await context.close();
  await looks(browser);
  console.log('ok every page, light and dark, wide and narrow, in both languages');
  await plain(browser);
  console.log('ok without script');
  await browser.close();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
