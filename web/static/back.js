// Leads on from a tool that stood in a frame of ours: the page around the frame
// goes, so that the course does not stand inside it. Where the frame is an LMS's,
// or there is none, this page goes itself.
"use strict";
(() => {
  const link = document.getElementById("back");
  if (!link) return;
  let place = window.location;
  try {
    if (window.parent.location.origin === place.origin) place = window.parent.location;
  } catch {
    // The page around is somebody else's.
  }
  place.replace(link.href);
})();
