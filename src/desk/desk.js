/* SPDX-License-Identifier: BSD-3-Clause */
'use strict';
// Without this script the desk works as well, a page a click. With it: files are dropped, keys give
// and take topics, and a change is shown without the page being loaded again.
(() => {
  const root = document.documentElement;
  root.classList.add('js');

  // The answer of the server to a form is a page: its content takes the place of ours.
  const show = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const content = page.getElementById('content');
    if (!content) { location.reload(); return; }
    const active = document.activeElement && document.activeElement.dataset.key;
    const details = [...document.querySelectorAll('#content details')];
    // What was unfolded stays so, unless there is something new.
    const fresh = [...content.querySelectorAll('details')];
    if (fresh.length === details.length) fresh.forEach((one, i) => { one.open = details[i].open || one.open; });
    document.getElementById('content').replaceWith(content);
    document.title = page.title;
    if (answer.url !== location.href) history.pushState(null, '', answer.url);
    if (active) {
      const again = content.querySelector(`[data-key="${CSS.escape(active)}"]`);
      if (again) again.focus();
    }
  };

  const post = async (form, button) => {
    const body = new URLSearchParams(new FormData(form));
    if (button && button.name) body.set(button.name, button.value);
    form.classList.add('busy');
    try {
      await show(await fetch(form.action, { method: 'POST', body }));
    } catch (error) {
      form.classList.remove('busy');
      form.requestSubmit(button); // the browser says what is wrong
    }
  };

  let busy = false;
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!form.matches('[data-quick]') || form.classList.contains('busy')) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    await post(form, event.submitter);
    busy = false;
  });
  addEventListener('popstate', () => location.reload());

  // ---- files ----
  const zone = () => document.querySelector('[data-drop]');
  const over = (event, on) => {
    if (!zone() || !event.dataTransfer || ![...event.dataTransfer.types].includes('Files')) return false;
    event.preventDefault();
    zone().classList.toggle('over', on);
    return true;
  };
  document.addEventListener('dragover', (event) => over(event, true));
  document.addEventListener('dragleave', (event) => over(event, false));
  document.addEventListener('drop', (event) => {
    if (!over(event, false)) return;
    const input = zone().querySelector('input[type=file]');
    input.files = event.dataTransfer.files;
    input.form.requestSubmit();
  });

  // ---- keys ----
  const entries = () => [...document.querySelectorAll('[data-entry]')];
  const move = (step) => {
    const all = entries();
    if (!all.length) return;
    const at = all.findIndex((entry) => entry.classList.contains('here'));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    for (const entry of all) entry.classList.toggle('here', entry === next);
    next.querySelector('a').focus();
  };

  document.addEventListener('keydown', (event) => {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.matches('input, select, textarea')) {
      if (event.key === 'Escape') target.blur();
      return;
    }
    if (event.key === 'Enter' && target.matches('a, button, summary')) return;
    if (event.key === '/') {
      const search = document.querySelector('[data-search]');
      event.preventDefault();
      if (search) search.focus();
      else location.href = '/articles';
      return;
    }
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    } else if (event.key === 'j' || event.key === 'k') {
      move(event.key === 'j' ? 1 : -1);
    }
  });

  // ---- a retraining under way ----
  const refresh = async () => {
    if (!document.querySelector('[data-refresh]')) return;
    try {
      await show(await fetch(location.href));
    } catch (error) { /* the desk is away; the next time may do */ }
  };
  setInterval(refresh, 1000);
})();
