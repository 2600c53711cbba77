'use strict';
// Without this script the page reads as well; its buttons do nothing then.
(() => {
  const articles = [...document.querySelectorAll('article')];
  const status = document.querySelector('[role=status]');

  const press = (button, others) => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    for (const other of others) other.setAttribute('aria-pressed', 'false');
    button.setAttribute('aria-pressed', String(on));
    return on;
  };

  const showMarks = (button) => {
    const article = button.closest('article');
    if (press(button, article.querySelectorAll('.chip'))) article.dataset.on = button.dataset.s;
    else delete article.dataset.on;
  };

  const filter = (button) => {
    const on = press(button, document.querySelectorAll('.row'));
    let shown = 0;
    for (const article of articles) {
      article.hidden = on && !article.dataset.t.includes(` ${button.dataset.f} `);
      shown += article.hidden ? 0 : 1;
    }
    for (const section of document.querySelectorAll('section'))
      section.hidden = on && !section.querySelector('article:not([hidden])');
    status.textContent = on ? `Showing ${shown} of ${articles.length}. Press again for all.` : '';
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button && button.matches('.chip')) showMarks(button);
    else if (button) filter(button);
  });
  document.documentElement.classList.add('js');
})();
