// Keeps the slider and the score field together.
const slider = document.getElementById("slider");
const score = document.getElementById("score");
if (slider && score) {
  slider.addEventListener("input", () => { score.value = slider.value; });
  score.addEventListener("input", () => { slider.value = score.value; });
}
