// Placeholders: what is filled in once stands in every command, file and sentence of the site.
// A value is the text of an element and never markup. It is kept in this browser's storage, a secret only in memory;
// a value without the expected form is neither used nor kept. boot.html has filled in what is stored before paint.
(function () {
  "use strict";
  var all = waypost.all, one = waypost.one;
  // By key, and without what every object has: `<constructor>` is a placeholder like any other.
  var values = Object.create(null), fields = Object.create(null), tokens = Object.create(null);

  all(".placeholders .field").forEach(function (row) {
    var data = row.dataset;
    fields[data.field] = {
      row: row, input: one("input", row), secret: "secret" in data, pattern: data.pattern,
      label: one("label", row).textContent, help: one(".field-help", row), example: one("input", row).placeholder
    };
    // Not in the HTML: what asks for a password there is taken for a page behind a login.
    if ("secret" in data) one("input", row).type = "password";
  });
  all("[data-placeholder]").forEach(function (token) {
    var key = token.dataset.placeholder;
    (tokens[key] = tokens[key] || []).push(token);
    token.written = token.written || token.textContent;
    if ("secret" in token.dataset && fields[key]) fields[key].secret = true;
    // What stands in a link or a button is filled in, and opens nothing of its own.
    if (token.closest("a, button, summary, [role=tab]")) return;
    token.setAttribute("role", "button");
    token.setAttribute("aria-haspopup", "dialog");
    token.tabIndex = 0;
  });
  var keys = Object.keys(tokens);
  if (!keys.length) return;
  waypost.root.classList.add("fillable");

  function field(key) {
    var token = tokens[key][0];
    return fields[key] = fields[key] || { label: key, help: null, example: "", secret: "secret" in token.dataset };
  }
  function fits(key, text) {
    var pattern = field(key).pattern;
    try { return !text || !pattern || new RegExp("^(?:" + pattern + ")$", "u").test(text); } catch (_) { return true; }
  }

  // Writes what stands for a placeholder wherever it is used.
  function show(key) {
    var it = field(key), value = values[key];
    tokens[key].forEach(function (token) {
      var text = value || token.dataset.default || token.written;
      if (token.textContent !== text) token.textContent = text;
      token.classList.toggle("filled", !!value);
      if (token.tabIndex === 0) {
        token.title = it.label;
        token.setAttribute("aria-label", it.label + ": " + (it.secret && value ? token.written : text));
      }
    });
    count();
  }
  function count() {
    var counter = one(".placeholders-count");
    if (!counter) return;
    var known = all(".placeholders .field");
    var done = known.filter(function (row) { return values[row.dataset.field] || row.dataset.default; }).length;
    counter.textContent = counter.dataset.count.replace("{done}", done).replace("{all}", known.length);
    counter.classList.toggle("done", done === known.length);
    one(".placeholders .placeholders-reset").disabled = !known.some(function (row) { return one("input", row).value; });
  }

  // Whether a field's message shows. While someone types it can only go.
  function judge(box, bad) {
    if (bad) one("input", box).setAttribute("aria-invalid", "true"); else one("input", box).removeAttribute("aria-invalid");
    one(".field-error", box).hidden = !bad;
  }

  // A reader's value, with its message where `said`.
  function set(key, text, said, from) {
    var it = field(key), good = fits(key, text);
    values[key] = good ? text : "";
    if (!it.secret) waypost.remember("placeholder:" + key, values[key]);
    [it.row, box && box.key === key && box].filter(Boolean).forEach(function (place) {
      if (one("input", place) !== from) one("input", place).value = text;
      if (good || said) judge(place, !good);
    });
    show(key);
  }

  all(".placeholders .field").forEach(function (row) {
    var input = one("input", row);
    input.addEventListener("input", function () { set(row.dataset.field, input.value.trim(), false, input); });
    input.addEventListener("change", function () { set(row.dataset.field, input.value.trim(), true, input); });
  });
  var resetAll = one(".placeholders .placeholders-reset");
  if (resetAll) resetAll.addEventListener("click", function () {
    all(".placeholders .field").forEach(function (row) { set(row.dataset.field, "", true); });
    one(".placeholders summary").focus();
  });

  // The field that opens at a command.
  var box;
  function open(token) {
    var key = token.dataset.placeholder, it = field(key);
    if (!box) {
      box = one("#frame-fill").content.firstElementChild.cloneNode(true);
      document.body.append(box);
      var typed = one("input", box);
      typed.addEventListener("input", function () { set(box.key, typed.value.trim(), false, typed); });
      typed.addEventListener("change", function () { set(box.key, typed.value.trim(), true, typed); });
      one(".placeholders-reset", box).addEventListener("click", function () { set(box.key, "", true); typed.focus(); });
      box.addEventListener("submit", function (event) {
        event.preventDefault();
        set(box.key, typed.value.trim(), true, typed);
        if (fits(box.key, typed.value.trim())) box.hidePopover();
      });
      box.addEventListener("toggle", function (event) {
        if (event.newState !== "closed") return;
        if (box.contains(document.activeElement) || document.activeElement === document.body) box.from.focus();
      });
    }
    box.from = token;
    box.key = key;
    var input = one("input", box);
    one("label", box).textContent = it.label;
    one(".field-help", box).replaceChildren.apply(one(".field-help", box), it.help ? it.help.cloneNode(true).childNodes : []);
    one(".field-secret", box).hidden = !it.secret;
    input.type = it.secret ? "password" : "text";
    input.placeholder = it.example || token.written;
    input.value = it.input ? it.input.value : values[key] || "";
    judge(box, !fits(key, input.value.trim()));
    waypost.near(box, token);
    input.select();
    input.focus();
  }
  function token(event) { return event.target.closest && event.target.closest("[data-placeholder][role=button]"); }
  document.addEventListener("click", function (event) {
    // A selection that ends on a placeholder is no click.
    if (token(event) && getSelection().isCollapsed) open(token(event));
  });
  document.addEventListener("keydown", function (event) {
    if (!token(event) || event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open(token(event));
  });

  // What is stored, and what other pages of this browser change.
  function read(key) {
    var it = field(key);
    if (it.secret) return;
    var text = waypost.recall("placeholder:" + key) || "";
    if (it.input) it.input.value = text;
    values[key] = fits(key, text) ? text : "";
    if (it.row) judge(it.row, !fits(key, text));
    show(key);
  }
  function readAll() { keys.forEach(function (key) { if (field(key).secret) show(key); else read(key); }); }
  readAll();
  // Other names of the storage are nothing to us; none at all is all of it, emptied.
  addEventListener("storage", function (event) {
    if (!event.key) return readAll();
    var key = event.key.replace(/^placeholder:/, "");
    if (key !== event.key && tokens[key]) read(key);
  });
  // A page that the back button brings back as it was: what others changed meanwhile, and no secret.
  addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    keys.forEach(function (key) { if (field(key).secret) set(key, "", false); });
    readAll();
  });
})();
