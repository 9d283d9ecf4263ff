// Comforts only: every page works without this file.
"use strict";
(() => {
  const copy = async (field) => {
    const text = "value" in field ? field.value : field.textContent;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Frames are often not allowed the clipboard; a selection still copies.
      if (field.select) field.select();
      else getSelection().selectAllChildren(field);
      return document.execCommand("copy");
    }
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copy(document.getElementById(button.dataset.copy));
      const before = button.textContent, name = button.ariaLabel;
      button.textContent = done ? document.body.dataset.copied : document.body.dataset.uncopied;
      button.ariaLabel = null;
      setTimeout(() => { button.textContent = before; button.ariaLabel = name; }, 2000);
    });
  }
  for (const file of document.querySelectorAll("input[type=file][data-into]")) {
    file.addEventListener("change", async () => {
      if (file.files.length !== 1) return;
      document.getElementById(file.dataset.into).value = await file.files[0].text();
      file.value = "";
    });
  }
  for (const here of document.querySelectorAll(".side [aria-current], .tabs [aria-current]")) {
    here.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  // One more row for names and values.
  for (const more of document.querySelectorAll("[data-more]")) {
    more.hidden = false;
    more.addEventListener("click", () => {
      const rows = more.parentElement.querySelectorAll(".pair");
      const row = rows[rows.length - 1].cloneNode(true);
      for (const input of row.querySelectorAll("input")) {
        input.value = "";
        if (input.id) input.id = input.id.replace(/\d+$/, rows.length);
      }
      more.before(row);
      row.querySelector("input").focus();
    });
  }
  // What is waited for tells itself.
  for (const watch of document.querySelectorAll("[data-watch]")) {
    const ask = async () => {
      try {
        const answer = await fetch(watch.dataset.watch, { credentials: "same-origin" });
        if (answer.status === 200) {
          watch.textContent = await answer.text();
          watch.classList.add("here");
          return;
        }
      } catch { /* the next time */ }
      setTimeout(ask, 3000);
    };
    setTimeout(ask, 1000);
  }
  // A page with live deliveries looks again now and then, unless it is in use.
  const live = document.querySelector("[data-reload]");
  if (live) {
    setInterval(() => {
      const busy = document.activeElement && document.activeElement.matches("input, select, textarea, button");
      if (!document.hidden && !busy && !document.querySelector("details[open]")) location.reload();
    }, 1000 * Math.max(5, Number(live.dataset.reload) || 30));
  }
})();
