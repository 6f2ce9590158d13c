// The table of the class: find, pick, sort, turn pages. Only the rows of one page are in the document, for the speed.
(() => {
  "use strict";
  const SIZE = 50;
  const table = document.getElementById("class");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const names = new Map(rows.map((row) => [row, row.querySelector("bdi").textContent]));
  const folded = new Map(rows.map((row) => [row, fold(names.get(row))]));
  const query = document.getElementById("query");
  const pick = document.getElementById("pick");
  const pages = document.querySelector(".pages");
  const compareNames = new Intl.Collator(["zh-CN", "en"], { numeric: true }).compare;
  let view = rows;
  let page = 0;
  let sorted = null;

  function fold(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  // Without a value a row stands last, whichever way the others go.
  function compare(column, numeric, down) {
    const way = down ? -1 : 1;
    if (!numeric) return (one, other) => way * compareNames(names.get(one), names.get(other));
    const values = new Map(rows.map((row) => [row, parseFloat(row.cells[column].dataset.v)]));
    return (one, other) => {
      const [a, b] = [values.get(one), values.get(other)];
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
      return way * (a - b);
    };
  }

  function choose() {
    const wanted = fold(query.value.trim());
    const kind = pick.value;
    view = rows.filter((row) => {
      const fits = !kind || row.dataset.kinds.split(" ").includes(kind);
      return fits && folded.get(row).includes(wanted);
    });
    if (sorted) view.sort(compare(sorted.column, sorted.numeric, sorted.down));
    page = 0;
    show();
  }

  function show() {
    const last = Math.max(0, Math.ceil(view.length / SIZE) - 1);
    page = Math.min(Math.max(page, 0), last);
    place(view.slice(page * SIZE, (page + 1) * SIZE));
    document.getElementById("found").textContent = view.length;
    document.getElementById("page").textContent = `${page + 1} / ${last + 1}`;
    document.querySelector(".nobody").hidden = view.length > 0;
    pages.hidden = !last;
    for (const button of pages.querySelectorAll("[data-turn]")) {
      const there = page + Number(button.dataset.turn);
      button.disabled = there < 0 || there > last;
    }
  }

  function place(these) {
    body.replaceChildren(...these);
    for (const link of body.querySelectorAll("a[data-page]")) link.hash = `lang=${document.documentElement.dataset.lang}`;
  }

  for (const button of table.querySelectorAll("[data-sort]")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const numeric = "numeric" in button.dataset;
      const same = sorted && sorted.column === head.cellIndex;
      const down = same && !sorted.down;
      sorted = { column: head.cellIndex, numeric, down };
      for (const other of head.parentNode.cells) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      choose();
    });
  }
  for (const button of pages.querySelectorAll("[data-turn]")) {
    button.addEventListener("click", () => {
      page += Number(button.dataset.turn);
      show();
      if (button.disabled) pages.querySelector("button:enabled").focus();
      table.scrollIntoView({ block: "start" });
    });
  }
  query.addEventListener("input", choose);
  pick.addEventListener("change", choose);
  query.form.addEventListener("submit", (event) => event.preventDefault());

  // On paper all that were found.
  addEventListener("beforeprint", () => place(view));
  addEventListener("afterprint", show);

  body.dataset.paged = "";
  choose();
})();
