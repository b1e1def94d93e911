const tests = [...document.querySelectorAll("details.test")];
const boxes = [...document.querySelectorAll("nav input[type=checkbox]")];
const words = document.querySelector("nav input[type=search]");
function filter() {
  const shown = new Set(boxes.filter(box => box.checked).map(box => box.value));
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const test of tests) {
    const text = test.dataset.text;
    const fits = shown.has(test.dataset.word) && wanted.every(word => text.includes(word));
    test.classList.toggle("hidden", !fits);
  }
  for (const group of document.querySelectorAll("section.group"))
    group.classList.toggle("hidden", !group.querySelector("details.test:not(.hidden)"));
}
boxes.forEach(box => box.addEventListener("change", filter));
words.addEventListener("input", filter);
document.querySelector("#open").addEventListener("click", () => tests.filter(t => !t.classList.contains("hidden")).forEach(t => t.open = true));
document.querySelector("#close").addEventListener("click", () => tests.forEach(t => t.open = false));
// What is not passed is printed with all that is known of it.
addEventListener("beforeprint", () => tests.filter(t => ["fail", "inconc", "error"].includes(t.dataset.word)).forEach(t => t.open = true));
function follow() { const test = document.getElementById(location.hash.slice(1)); if (test?.matches("details")) { test.open = true; test.scrollIntoView(); } }
addEventListener("hashchange", follow);
filter();
follow();
