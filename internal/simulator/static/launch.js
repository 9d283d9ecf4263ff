// Posts the signed launch form as soon as the page is there; its button is for
// browsers without scripts.
document.getElementById("launch").submit();
