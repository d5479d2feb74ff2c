// Code: copying, downloading, wrapping, unfolding, notes. What has the class `uncopied` is left out of a copy.
(function () {
  "use strict";
  var all = waypost.all, one = waypost.one, root = waypost.root, words = document.body.dataset;

  // The commands of a block: no prompts, no answers, no removed lines, no numbers of notes; placeholders filled in.
  waypost.commands = function (block) {
    var code = one("code", block).cloneNode(true);
    all(".uncopied", code).forEach(function (part) {
      var after = part.nextSibling;
      if (part.classList.contains("line") && after && after.nodeType === 3) after.data = after.data.replace(/^\n/, "");
      // The space before the number of a note is not the author's.
      var before = part.previousSibling;
      if (part.classList.contains("code-note") && before && before.nodeType === 3) before.data = before.data.replace(/ $/, "");
      part.remove();
    });
    return code.textContent.replace(/\n$/, "");
  };

  function tool(tools, name, label, press) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "code-tool " + name;
    rename(button, label);
    button.addEventListener("click", function () { press(button); });
    tools.append(button);
    return button;
  }
  function rename(button, label) {
    button.setAttribute("aria-label", label);
    button.title = label;
  }

  all(".code-block").forEach(function (block) {
    var pre = one("pre", block);
    var tools = document.createElement("div");
    tools.className = "code-tools";
    if (block.dataset.file) tool(tools, "download", words.download + ": " + block.dataset.file, function () {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([waypost.commands(block) + "\n"], { type: "text/plain" }));
      link.download = block.dataset.file;
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    });
    var wrap = tool(tools, "wrap", words.wrap, function () {
      var top = block.getBoundingClientRect().top;
      if (root.hasAttribute("data-wrapped")) root.removeAttribute("data-wrapped"); else root.setAttribute("data-wrapped", "");
      waypost.remember("wrap", root.hasAttribute("data-wrapped") ? "1" : "");
      fits();
      scrollBy({ top: block.getBoundingClientRect().top - top, behavior: "instant" });
    });
    // Wrapping is offered where there is something to wrap, when a reader comes near.
    function fits() {
      var on = root.hasAttribute("data-wrapped");
      wrap.hidden = pre.classList.contains("code-wrap") || !on && pre.scrollWidth <= pre.clientWidth;
      wrap.setAttribute("aria-pressed", on);
      rename(wrap, on ? words.unwrap : words.wrap);
    }
    wrap.hidden = true;
    block.addEventListener("pointerenter", fits);
    block.addEventListener("focusin", fits);
    tool(tools, "copy", words.copy, function (button) {
      waypost.copy(waypost.commands(block), button, function (on) {
        button.classList.toggle("done", on);
        rename(button, on ? words.copied : words.copy);
      });
    });
    block.append(tools);

    if (!block.classList.contains("code-fold")) return;
    var more = document.createElement("button");
    more.type = "button";
    more.className = "code-more";
    function open(on) {
      block.classList.toggle("code-open", on);
      more.textContent = on ? words.collapse : words.expand;
      more.setAttribute("aria-expanded", on);
    }
    open(false);
    more.addEventListener("click", function () {
      var on = more.getAttribute("aria-expanded") !== "true";
      var top = more.getBoundingClientRect().top;
      open(on);
      if (on) return;
      // The button stays under the pointer, and the page does not jump.
      pre.scrollTop = 0;
      scrollBy({ top: more.getBoundingClientRect().top - top, behavior: "instant" });
    });
    // Find in page, a selection or the keyboard went to a line that is not shown.
    pre.addEventListener("scroll", function () { if (pre.scrollTop > 0 && more.getAttribute("aria-expanded") !== "true") { pre.scrollTop = 0; open(true); } });
    pre.addEventListener("focusin", function (event) { if (event.target !== pre && event.target.getBoundingClientRect().bottom > pre.getBoundingClientRect().bottom) open(true); });
    block.append(more);
  });

  // Puts a popover below what it belongs to, where it moves with the page.
  waypost.near = function (popover, element) {
    popover.showPopover();
    var at = element.getBoundingClientRect(), own = popover.getBoundingClientRect();
    var left = Math.max(8, Math.min(at.left, root.clientWidth - own.width - 8));
    var below = at.bottom + own.height + 16 < innerHeight || at.top < own.height + 16;
    popover.style.left = left + scrollX + "px";
    popover.style.top = (below ? at.bottom + 8 : at.top - own.height - 8) + scrollY + "px";
  };

  // A note opens at its number. Without the script the number leads to the list below.
  var note;
  document.addEventListener("click", function (event) {
    var number = event.target.closest && event.target.closest(".code-note");
    var item = number && document.getElementById(number.hash.slice(1));
    if (!item) return;
    event.preventDefault();
    if (!note) {
      note = document.createElement("div");
      note.className = "note-box prose";
      note.popover = "auto";
      note.setAttribute("role", "note");
      note.tabIndex = -1;
      document.body.append(note);
      note.addEventListener("toggle", function (event) {
        if (event.newState === "closed" && note.contains(document.activeElement)) note.from.focus();
      });
    }
    note.from = number;
    note.replaceChildren.apply(note, item.cloneNode(true).childNodes);
    all("[id]", note).forEach(function (inner) { inner.removeAttribute("id"); });
    note.setAttribute("aria-label", number.getAttribute("aria-label"));
    waypost.near(note, number);
    note.focus();
  });
})();
