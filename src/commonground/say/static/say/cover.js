// Drawing boxes on a picture, and moving the point that must stay in sight. The numbers of the
// form are the truth; whatever is drawn writes them, and whatever is typed draws.
(() => {
  "use strict";
  const canvas = document.querySelector(".canvas");
  if (!canvas) return;
  const form = document.getElementById("cover");
  const rows = form.querySelector(".boxes"), blank = form.querySelector("template");
  const total = form.querySelector("[name=box-TOTAL_FORMS]"), said = document.getElementById("canvas-said");
  const add = form.querySelector("[data-add]"), remove = form.querySelector("[data-remove]");
  const NAMES = ["left", "top", "width", "height"];
  const USUAL = 22, MOST = 20;  // per cent of the shorter side a tap covers; boxes
  const drawn = new Map();  // a row of numbers: its box on the picture
  let chosen = null, changed = false;

  const fields = (row) => NAMES.map((name) => row.querySelector(`[name$="-${name}"]`));
  const numbers = (row) => fields(row).map((field) => parseFloat(field.value));
  const isBox = (row) => numbers(row).every((n) => !Number.isNaN(n));
  const within = (low, n, high) => Math.min(Math.max(n, low), high);
  const short = (n) => String(Math.round(n * 10) / 10);
  const least = () => [2400 / canvas.clientWidth, 2400 / canvas.clientHeight].map((n) => Math.min(n, 50));
  const words = (pattern, values) => pattern.replace(/%([nltwh])/g, (_, key) => values[key]);
  const tell = (text) => { said.textContent = text; };

  // --- Boxes
  const draw = (row) => {
    let box = drawn.get(row);
    if (!isBox(row)) {
      box?.remove();
      drawn.delete(row);
      if (chosen === row) choose(null);
      return;
    }
    if (!box) {
      box = document.createElement("button");
      box.type = "button";
      box.className = "box";
      box.append(Object.assign(document.createElement("span"), { className: "grip" }));
      box.addEventListener("focus", () => choose(row));
      box.addEventListener("keydown", (event) => steer(event, row));
      drawn.set(row, box);
      canvas.append(box);
    }
    const [left, top, width, height] = numbers(row);
    Object.assign(box.style, { left: left + "%", top: top + "%", width: width + "%", height: height + "%" });
    const n = [...rows.children].filter(isBox).indexOf(row) + 1;
    box.setAttribute("aria-label", words(canvas.dataset.box, { n, l: short(left), t: short(top), w: short(width), h: short(height) }));
  };
  const put = (row, [left, top, width, height], smallest = least()) => {
    width = within(smallest[0], width, 100);
    height = within(smallest[1], height, 100);
    const values = [within(0, left, 100 - width), within(0, top, 100 - height), width, height];
    // Rounded so that the sum never passes the edge of the picture.
    const tidy = values.map((n) => Math.floor(n * 10 + 1e-6) / 10);
    fields(row).forEach((field, i) => { field.value = short(tidy[i]); });
    changed = true;
    draw(row);
  };
  const choose = (row) => {
    chosen = row;
    remove.disabled = !row;
    for (const [each, box] of drawn) box.classList.toggle("chosen", each === row);
  };
  const emptyRow = () => {
    const free = [...rows.children].find((row) => fields(row).every((field) => !field.value));
    if (free) return free;
    const n = Number(total.value);
    const row = blank.content.firstElementChild.cloneNode(true);
    for (const it of row.querySelectorAll("[name], [for]")) {
      for (const name of ["name", "id", "for"]) {
        if (it.hasAttribute(name)) it.setAttribute(name, it.getAttribute(name).replace("__prefix__", n));
      }
    }
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.replace("__number__", n + 1);
    rows.append(row);
    total.value = n + 1;
    return row;
  };
  const make = (values) => {
    if (drawn.size >= MOST) return tell(canvas.dataset.full);
    const row = emptyRow();
    put(row, values);
    choose(row);
    drawn.get(row).focus({ preventScroll: true });
    return row;
  };
  const usual = (x, y) => {
    const side = Math.min(canvas.clientWidth, canvas.clientHeight) * USUAL;
    const [width, height] = [side / canvas.clientWidth, side / canvas.clientHeight];
    return [x - width / 2, y - height / 2, width, height];
  };
  const drop = (row) => {
    for (const field of fields(row)) field.value = "";
    changed = true;
    draw(row);
    tell(canvas.dataset.removed);
    const next = [...drawn.values()].pop() ?? add;
    next.focus({ preventScroll: true });
  };
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const steer = (event, row) => {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      return drop(row);
    }
    const way = ARROWS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [left, top, width, height] = numbers(row);
    if (event.shiftKey) put(row, [left, top, width + way[0], height + way[1]], [1, 1]);
    else put(row, [left + way[0], top + way[1], width, height], [0.5, 0.5]);
    tell(drawn.get(row).getAttribute("aria-label").split(". ")[0]);
  };

  // --- The point
  const [pointX, pointY] = ["focus_x", "focus_y"].map((name) => form.querySelector(`[name=${name}]`));
  const point = Object.assign(document.createElement("button"), { type: "button", className: "point" });
  const drawPoint = () => {
    const [l, t] = [pointX, pointY].map((field) => within(0, parseFloat(field.value) || 0, 100));
    Object.assign(point.style, { left: l + "%", top: t + "%" });
    point.setAttribute("aria-label", words(canvas.dataset.point, { l: short(l), t: short(t) }));
  };
  const putPoint = (x, y) => {
    pointX.value = short(within(0, x, 100));
    pointY.value = short(within(0, y, 100));
    changed = true;
    drawPoint();
  };
  point.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    putPoint(parseFloat(pointX.value) + way[0], parseFloat(pointY.value) + way[1]);
    tell(point.getAttribute("aria-label").split(". ")[0]);
  });

  // --- Fingers and mice
  const where = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width * 100, (event.clientY - frame.top) / frame.height * 100];
  };
  const rowOf = (box) => [...drawn].find(([, each]) => each === box)?.[0];
  const begin = (event) => {
    if (event.button) return;
    const [x, y] = where(event), box = event.target.closest(".box");
    let follow, end = () => {};
    if (event.target.closest(".point")) {
      follow = (to) => putPoint(...to);
    } else if (box) {
      const row = rowOf(box), [left, top, width, height] = numbers(row);
      const sizes = event.target.closest(".grip");
      choose(row);
      follow = ([a, b]) => put(row, sizes
        ? [left, top, width + Math.min(a - x, 100 - left - width), height + Math.min(b - y, 100 - top - height)]
        : [left + a - x, top + b - y, width, height], sizes ? least() : [0.5, 0.5]);
    } else if (event.pointerType === "touch") {
      // A finger that moves scrolls the page; one that taps covers what is under it.
      end = ([a, b]) => { if (Math.hypot(a - x, b - y) < 3) make(usual(a, b)); };
    } else {
      let row = null;
      follow = ([a, b]) => {
        const values = [Math.min(a, x), Math.min(b, y), Math.abs(a - x), Math.abs(b - y)];
        const [left, top] = [Math.max(values[0], 0), Math.max(values[1], 0)];
        const sized = [left, top, Math.min(values[2], 100 - left), Math.min(values[3], 100 - top)];
        if (row) put(row, sized, [1, 1]);
        else if (values[2] > 1 && values[3] > 1) row = make(sized) ?? null;
      };
      end = ([a, b]) => { if (!row) make(usual(a, b)); };
    }
    if (event.pointerType !== "touch" || follow) {
      event.preventDefault();
      (box ?? event.target.closest(".point"))?.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
    }
    const move = (moved) => { if (moved.pointerId === event.pointerId) follow?.(where(moved)); };
    const stop = (stopped) => {
      if (stopped.pointerId !== event.pointerId) return;
      for (const kind of ["pointermove", "pointerup", "pointercancel"]) canvas.removeEventListener(kind, kind === "pointermove" ? move : stop);
      if (stopped.type === "pointerup") end(where(stopped));
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", stop);
    canvas.addEventListener("pointercancel", stop);
  };

  canvas.classList.add("ready");
  canvas.append(point);
  canvas.addEventListener("pointerdown", begin);
  add.addEventListener("click", () => make(usual(50, 50)));
  remove.addEventListener("click", () => chosen && drop(chosen));
  form.addEventListener("input", (event) => {
    changed = true;
    const row = event.target.closest(".boxes > *");
    if (row) draw(row);
    else drawPoint();
  });
  form.addEventListener("submit", () => { changed = false; });
  // A box that was drawn and not saved covers nothing.
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  for (const it of form.querySelectorAll(".scripted")) it.hidden = false;
  if (!form.querySelector(".errors")) form.querySelector(".numbers").open = false;
  [...rows.children].forEach(draw);
  drawPoint();
})();
