// Posts the launch form once the page stands. The form may hold a parameter
// named "submit", so the method is taken from the prototype.
"use strict";
(() => {
  const form = document.getElementById("launch");
  if (!form || form.target === "_blank") return; // a new window needs a click
  let sent = false;
  const post = () => {
    if (sent) return;
    sent = true;
    HTMLFormElement.prototype.submit.call(form);
    const button = form.querySelector("[data-launch]");
    if (button && form.target !== "_self") button.hidden = true;
  };
  // A page that comes back by the back button must not post a used launch.
  const entry = performance.getEntriesByType("navigation")[0];
  if (entry && entry.type === "back_forward") return;
  post();
})();
