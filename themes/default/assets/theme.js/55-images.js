// Images that are shown smaller than they are can be enlarged.
(function () {
  "use strict";
  var words = document.body.dataset;
  if (!words.enlarge || !window.HTMLDialogElement) return;
  var images = waypost.all(".prose img").filter(function (image) { return !image.closest("a, button, summary, .no-zoom"); });

  // How wide the file itself is: of a drawing the size in its tag, of several files the one in `src`.
  function own(image) { return Math.max(image.naturalWidth, image.closest("picture") || /\.svg\b/.test(image.src) ? +image.getAttribute("width") || 0 : 0); }

  function button(name, label) {
    var it = document.createElement("button");
    it.type = "button";
    it.className = name;
    it.setAttribute("aria-label", label);
    return it;
  }

  function open(image, opener) {
    var dialog = document.createElement("dialog"), close = button("tool", words.close), large = new Image();
    dialog.className = "zoom-view";
    dialog.setAttribute("aria-label", image.alt || words.enlarge);
    large.alt = image.alt;
    large.src = image.src;
    large.width = own(image);
    dialog.append(close, large);
    dialog.addEventListener("click", function (event) {
      if (event.target === large && !dialog.classList.contains("whole") && large.clientWidth < own(image)) dialog.classList.add("whole");
      else dialog.close();
    });
    dialog.addEventListener("close", function () { dialog.remove(); opener.focus({ preventScroll: true }); });
    document.body.append(dialog);
    dialog.showModal();
  }

  function offer(image) {
    var shown = image.clientWidth;
    if (image.closest(".zoomable") || shown < 96 || own(image) < shown * 1.15) return;
    var box = document.createElement("span"), opener = button("zoom", words.enlarge + (image.alt ? ": " + image.alt : ""));
    var mode = image.matches(".on-light") ? " on-light" : image.matches(".on-dark") ? " on-dark" : "";
    box.className = "zoomable" + mode;
    var whole = image.closest("picture") || image;
    whole.replaceWith(box);
    box.append(whole, opener);
    box.addEventListener("click", function () { open(image, opener); });
  }

  function offerAll() { images.forEach(function (image) { if (image.complete) offer(image); }); }
  images.forEach(function (image) { image.addEventListener("load", function () { offer(image); }); });
  addEventListener("resize", offerAll);
  offerAll();
})();
