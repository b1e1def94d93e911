// Shows the transactions of which any line fits all that was asked for.
(function () {
  const form = document.querySelector("form");
  const lines = [...document.querySelectorAll(".ladder .line")];
  const rows = [...document.querySelectorAll(".ladder .message")];
  const asked = (name) => form.elements[name].value.trim().toLowerCase();
  const has = (line, name, word) => {
    if (!word) return true;
    return (line.dataset[name] || "").split(" ").some((one) =>
      word.endsWith("*") && word.length > 1 ? one.startsWith(word.slice(0, -1)) : one === word);
  };
  function show() {
    const text = asked("text");
    const names = ["termination", "context", "transaction", "command"];
    const fits = lines.filter((line) => names.every((name) => has(line, name, asked(name)))
      && (!text || line.textContent.toLowerCase().includes(text)));
    const keys = new Set(fits.map((line) => line.dataset.key).filter(Boolean));
    const direct = new Set(fits);
    for (const line of lines) {
      line.classList.toggle("hidden", !direct.has(line) && !keys.has(line.dataset.key));
    }
    let shown = 0;
    for (const row of rows) {
      const any = row.querySelector(".line:not(.hidden)") !== null;
      row.classList.toggle("hidden", !any);
      shown += any;
    }
    document.querySelector("#shown").textContent = shown + " of " + rows.length + " messages";
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
