// Posts the launch form once the page stands. A signed form is good for one
// post: for the next one the page is loaded again, which signs a new one.
"use strict";
(() => {
  const form = document.getElementById("launch");
  if (!form) return;
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      location.reload();
    }
    sent = true;
  });
  // A new window needs a click, or the browser stops it.
  if (form.target === "_blank") return;
  // Who comes back from the tool by the back button wants to stay here.
  const [entry] = performance.getEntriesByType("navigation");
  if (form.target === "_self" && entry && entry.type === "back_forward") return;
  sent = true;
  // The form may hold a parameter named "submit", which hides the method.
  HTMLFormElement.prototype.submit.call(form);
  if (form.target !== "_self") form.querySelector("[data-launch]").hidden = true;
})();
