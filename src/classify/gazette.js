/* SPDX-License-Identifier: BSD-3-Clause */
'use strict';
// Without this script the page reads as well: headlines open, and nothing more is needed for reading.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const get = (id) => document.getElementById(id);
  const articles = all('article');
  const home = new Map(articles.map((article) => [article, article.parentElement]));
  const topics = all('option', get('topics')).map((option) => ({ id: option.value, name: option.textContent }));
  const words = get('topics').dataset;
  const colours = 12;
  const corrections = new Map(); // article -> the Set of topics that a person wants
  let saved = true;

  // The text of an element: as it was given, or as readers see it, without what converters left.
  const textWithout = (selector, element) => {
    if (!element.querySelector(selector)) return element.textContent;
    const copy = element.cloneNode(true);
    for (const part of all(selector, copy)) part.remove();
    return copy.textContent;
  };
  const raw = (element) => textWithout('u', element);
  const seen = (element) => textWithout('s', element);
  const title = (article, read) => {
    const headline = article.querySelector('h3');
    return headline.matches('.meta') ? '' : read(headline);
  };
  const text = (article, read) => all('.text p', article).map(read).join('\n');
  const fileOf = (article) => home.get(article).querySelector('h2').textContent;
  const givenOf = (article) => article.dataset.t.match(/\d+/g)?.map(Number) ?? [];

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const save = (name, type, content) => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = make('a', { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };

  // ---- what is shown ----

  const shown = () => all('article').filter((article) => !article.hidden);
  const plain = (string) => string.normalize('NFKC').toLowerCase();
  const searched = new Map(); // article -> what is searched of it
  const searchText = (article) => {
    if (!searched.has(article))
      searched.set(article, plain([title(article, seen), text(article, seen),
        ...all('.by, .tags, .where', article).map(seen)].join('\n')));
    return searched.get(article);
  };

  const filter = () => {
    const topic = document.querySelector('.row[aria-pressed=true]')?.dataset.f;
    const file = get('file')?.value, from = get('from')?.value, to = get('to')?.value;
    const wanted = plain(get('search').value).split(/\s+/).filter(Boolean);
    let n = 0;
    for (const article of articles) {
      const day = article.dataset.d ?? '';
      const fits = (!topic || article.dataset.t.includes(` ${topic} `))
        && (!file || home.get(article).getAttribute('aria-labelledby') === file)
        && (!from || (day && day >= from.slice(0, day.length))) && (!to || (day && day.slice(0, 10) <= to))
        && wanted.every((word) => searchText(article).includes(word));
      article.hidden = !fits;
      n += fits ? 1 : 0;
    }
    const isAll = n === articles.length;
    for (const section of all('section'))
      section.hidden = !isAll && !section.querySelector('article:not([hidden])');
    document.querySelector('[role=status]').textContent = isAll ? '' : words.shown.replace('#', `${n} / ${articles.length}`);
  };

  const nameOf = (article) => givenOf(article).map((topic) => topics[topic].name).sort()[0] ?? '\uFFFF';
  const orders = {
    headline: (a, b) => title(a, seen).localeCompare(title(b, seen)),
    topic: (a, b) => nameOf(a).localeCompare(nameOf(b)),
    sure: (a, b) => a.dataset.u - b.dataset.u,
    date: (a, b) => (b.dataset.d ?? '').localeCompare(a.dataset.d ?? ''),
  };
  const sorted = make('section', { class: 'sorted', 'aria-labelledby': 'o' });
  const order = () => {
    const by = orders[get('order').value];
    if (by) {
      for (const article of articles) article.querySelector('.where').dataset.file = fileOf(article);
      sorted.append(...[...articles].sort(by));
      document.querySelector('main').prepend(sorted);
    } else {
      for (const article of articles) home.get(article).append(article);
      sorted.remove();
    }
    document.body.classList.toggle('by', Boolean(by));
    filter();
  };

  const press = (button, others) => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    for (const other of others) other.setAttribute('aria-pressed', 'false');
    button.setAttribute('aria-pressed', String(on));
    return on;
  };
  const showMarks = (chip) => {
    const article = chip.closest('article');
    if (press(chip, all('.chip[aria-pressed]', article))) article.dataset.on = chip.dataset.s;
    else delete article.dataset.on;
  };
  const openAll = () => {
    const open = shown().some((article) => !article.querySelector('details').open);
    for (const article of shown()) article.querySelector('details').open = open;
    get('open').textContent = open ? words.closes : words.opens;
  };

  // ---- corrections ----

  const wantedOf = (article) => corrections.get(article) ?? new Set(givenOf(article));
  const tagOf = (topic) => make('span', { class: 'tag', 'data-k': topic, style: `--m:var(--c${topic % colours})` },
    make('bdi', {}, topics[topic].name));

  // A topic that has no chip yet gets one, without a probability.
  const chipOf = (article, topic) => {
    const chip = article.querySelector(`.chip[data-k="${topic}"]`);
    if (chip) return chip;
    const added = make('span', { class: 'chip', 'data-k': topic, style: `--m:var(--c${topic % colours})` },
      make('bdi', {}, topics[topic].name));
    article.querySelector('.chips .add').before(make('li', {}, added));
    return added;
  };

  const drawChip = (chip, isGiven) => {
    const topic = chip.dataset.k;
    chip.classList.toggle('no', !isGiven);
    chip.querySelector('small')?.remove();
    if (!isGiven) chip.append(' ', make('small', {}, words.not));
    const button = chip.parentElement.querySelector('.edit')
      ?? chip.parentElement.appendChild(make('button', { type: 'button', class: 'edit', 'data-e': topic }));
    button.textContent = isGiven ? '\u00d7' : '+';
    button.setAttribute('aria-label', `${isGiven ? words.take : words.give} ${topics[topic].name}`);
  };

  const draw = (article) => {
    const wanted = wantedOf(article), isCorrected = corrections.has(article);
    for (const topic of wanted) chipOf(article, topic);
    for (const chip of all('.chip', article)) drawChip(chip, wanted.has(Number(chip.dataset.k)));
    const offered = article.querySelector('.add select');
    offered.replaceChildren(make('option', { value: '' }, words.add), ...topics.flatMap((topic, k) =>
      article.querySelector(`.chip[data-k="${k}"]`) ? [] : [make('option', { value: k }, topic.name)]));
    offered.parentElement.hidden = offered.length < 2;
    const tags = article.querySelector('.tags');
    tags.replaceChildren(...[...wanted].flatMap((topic) => [tagOf(topic), ' ']));
    if (isCorrected) tags.append(make('span', { class: 'corrected' }, words.corrected));
    article.querySelector('.undo').hidden = !isCorrected;
    get('save').disabled = corrections.size === 0;
    get('save').querySelector('b').textContent = corrections.size;
  };

  const prepare = (article) => {
    if (article.querySelector('.add')) return;
    article.querySelector('.chips').append(make('li', { class: 'add' }, make('select', { 'aria-label': words.add })));
    article.querySelector('.chips').after(make('p', { class: 'judge' },
      make('button', { type: 'button', class: 'do right' }, words.right), ' ',
      make('button', { type: 'button', class: 'do undo' }, words.undo)));
    draw(article);
  };

  const correct = (article, wanted) => {
    if (wanted) corrections.set(article, wanted);
    else corrections.delete(article);
    saved = corrections.size === 0;
    draw(article);
  };
  const toggle = (article, topic) => {
    const wanted = new Set(wantedOf(article));
    if (!wanted.delete(topic)) wanted.add(topic);
    correct(article, wanted);
  };

  // As `train --corrections` reads them: the text as it was given, and an id as it was written.
  const correctionLine = ([article, wanted]) => {
    const { id, d } = article.dataset;
    const record = {
      ...(title(article, raw) && { title: title(article, raw) }),
      text: text(article, raw),
      labels: [...wanted].map((topic) => topics[topic].id),
      ...(d && { date: d }),
    };
    return (id ? `{"id":${id},` : '{') + JSON.stringify(record).slice(1) + '\n';
  };
  const saveCorrections = () => {
    save('corrections.jsonl', 'application/x-ndjson', [...corrections].map(correctionLine).join(''));
    saved = true;
  };

  // A spreadsheet computes what begins so: behind a quote it is text.
  const cell = (value) => `"${(/^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
  const csvLine = (article) => [fileOf(article), seen(article.querySelector('.where')), article.dataset.d ?? '',
    title(article, seen), [...wantedOf(article)].map((topic) => topics[topic].name).join('; '),
    corrections.has(article) ? '1' : '0', text(article, seen)].map(cell).join(',');
  const saveCsv = () => save('articles.csv', 'text/csv;charset=utf-8',
    `\uFEFF${['file,place,date,title,topics,corrected,text', ...shown().map(csvLine)].join('\r\n')}\r\n`);

  // ---- what people do ----

  const act = {
    row: (button) => { press(button, all('.row')); filter(); },
    chip: showMarks,
    edit: (button, article) => toggle(article, Number(button.dataset.e)),
    right: (button, article) => correct(article, wantedOf(article)),
    undo: (button, article) => { correct(article, null); article.querySelector('.right').focus(); },
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.id === 'open') openAll();
    else if (button.id === 'csv') saveCsv();
    else if (button.id === 'save') saveCorrections();
    else for (const name of Object.keys(act))
      if (button.classList.contains(name)) act[name](button, button.closest('article'));
  });
  document.addEventListener('change', (event) => {
    if (event.target.id === 'order') order();
    else if (event.target.closest('.tools')) filter();
    else if (event.target.closest('.add') && event.target.value) {
      const article = event.target.closest('article');
      toggle(article, Number(event.target.value));
      article.querySelector('.add select').focus();
    }
  });
  get('search').addEventListener('input', filter);

  const move = (step) => {
    const lines = shown().map((article) => article.querySelector('summary'));
    const now = document.activeElement.closest('article')?.querySelector('summary');
    const at = lines.indexOf(now);
    lines[at < 0 ? 0 : Math.min(Math.max(at + step, 0), lines.length - 1)]?.focus();
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input, select')) return;
    const article = document.activeElement.closest('article');
    if (event.key === 'j') move(1);
    else if (event.key === 'k') move(-1);
    else if (event.key === '/') get('search').focus();
    else if (/^[1-9]$/.test(event.key) && article?.querySelector('details').open) {
      const chip = all('.chip', article)[event.key - 1];
      if (chip) toggle(article, Number(chip.dataset.k));
    } else return;
    event.preventDefault();
  });

  document.addEventListener('toggle', (event) => {
    if (event.target.open && event.target.parentElement.matches('article')) prepare(event.target.parentElement);
  }, true);
  const openAddress = () => {
    const article = get(location.hash.slice(1));
    if (!article?.matches('article')) return;
    article.querySelector('details').open = true;
    article.scrollIntoView();
  };
  window.addEventListener('hashchange', openAddress);
  window.addEventListener('beforeprint', () => {
    for (const article of shown()) article.querySelector('details').open = true;
  });
  window.addEventListener('beforeunload', (event) => { if (!saved) event.preventDefault(); });
  for (const details of all('.few article > details')) details.open = true;
  openAddress();
  document.documentElement.classList.add('js');
})();
