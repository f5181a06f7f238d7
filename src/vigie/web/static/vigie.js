// What a keyboard and a patient reader gain; every page works without it.
(() => {
  "use strict";

  const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

  // ── keys: / finds, j and k walk the rows of a table, ? shows the keys ──
  const rows = () => [...document.querySelectorAll("main tbody tr, main [data-row]")].filter((row) => row.offsetParent);

  const walk = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    all.forEach((row) => row.removeAttribute("aria-current"));
    next.setAttribute("aria-current", "true");
    next.scrollIntoView({ block: "nearest" });
    const link = next.hasAttribute("tabindex") ? next : next.querySelector("a[href]");
    if (link) link.focus({ preventScroll: true });
  };

  // In a row one is on, a letter does what the button or field that carries it does.
  const act = (event) => {
    const row = event.target.closest?.("[data-row]");
    const found = row?.querySelector(`[data-letter="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input")) {
      const folded = found.closest("details");
      if (folded) folded.open = true;
      found.focus();
    } else found.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const keys = document.getElementById("keys");
    if (event.key === "/") {
      const search = document.querySelector("main [data-key='/']") ?? document.querySelector("[data-key='/']");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "?" && keys && !keys.open) {
      event.preventDefault();
      keys.showModal();
    } else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "r" && document.querySelector("main [data-key='r']")) {
      event.preventDefault();
      document.querySelector("main [data-key='r']").focus();
    } else act(event);
  });

  // ── tables that can be sorted: a header becomes a button ──
  const worth = (cell) => {
    if (!cell) return "";
    if (cell.dataset.value !== undefined) return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    return cell.textContent.trim();
  };

  const order = (one, other) => {
    if (one === null || other === null) return (one === null) - (other === null);
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), document.documentElement.lang, { numeric: true });
  };

  const sort = (table, header) => {
    const place = [...header.parentElement.children].indexOf(header);
    const downward = header.getAttribute("aria-sort") === "ascending";
    header.parentElement.querySelectorAll("[aria-sort]").forEach((other) => other.setAttribute("aria-sort", "none"));
    header.setAttribute("aria-sort", downward ? "descending" : "ascending");
    const body = table.tBodies[0];
    [...body.rows]
      .map((row) => [worth(row.cells[place]), row])
      // What is unknown stays last, whichever way the rest runs.
      .sort(([one], [other]) => (one === null || other === null ? order(one, other) : (downward ? -1 : 1) * order(one, other)))
      .forEach(([, row]) => body.append(row));
  };

  document.querySelectorAll("table.sortable, table[data-sortable]").forEach((table) => {
    if (!table.tHead || !table.tBodies.length || table.tBodies[0].rows.length < 3) return;
    // Part of a longer list: sorting it alone would mislead.
    if (table.closest(".home, .table:has(nav.pages)")) return;
    table.tHead.querySelectorAll("th").forEach((header) => {
      if (header.colSpan > 1 || !header.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sort(table, header));
      header.append(button);
      if (!header.hasAttribute("aria-sort")) header.setAttribute("aria-sort", "none");
    });
  });

  // ── who comes back from acting on a row goes on from there ──
  const back = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (back && back.hasAttribute("data-row")) {
    back.setAttribute("aria-current", "true");
    back.focus({ preventScroll: true });
  }

  // ── of ways on one line, the one that is open is in sight ──
  document.querySelectorAll(".tabs [aria-current]").forEach((here) => {
    const line = here.closest("ul");
    line.scrollLeft = here.offsetLeft - line.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;
  });

  // ── who skips to the content leaves no mark in the address: a page that follows would begin there,
  // and not at the field that waits for an answer ──
  document.querySelector(".skip")?.addEventListener("click", () => {
    setTimeout(() => history.replaceState(null, "", location.pathname + location.search));
  });

  // ── after a form was refused, its summary is where one reads on ──
  document.getElementById("mistakes")?.focus();
})();
