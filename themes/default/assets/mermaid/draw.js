// Draws the diagrams of a page, in the colours of both modes: a switch, and paper, find theirs drawn already.
(function () {
  "use strict";
  var script = document.currentScript;
  var figures = Array.prototype.slice.call(document.querySelectorAll(".diagram"));
  if (!figures.length) return;
  var root = document.documentElement;
  var number = 0;

  // Drawn and measured out of sight, in the style of the article: a panel that is hidden has no sizes.
  var bench = document.createElement("div");
  bench.className = "diagram-drawing diagram-bench";
  bench.setAttribute("aria-hidden", "true");
  var dot = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  // A token as the library reads colours, whatever the theme wrote it in.
  function colour(token) {
    bench.style.color = "var(--" + token + ")";
    dot.clearRect(0, 0, 1, 1);
    dot.fillStyle = getComputedStyle(bench).color;
    dot.fillRect(0, 0, 1, 1);
    var parts = dot.getImageData(0, 0, 1, 1).data;
    return "#" + [0, 1, 2].map(function (at) { return ("0" + parts[at].toString(16)).slice(-2); }).join("");
  }

  function settings(dark) {
    bench.style.colorScheme = dark ? "dark" : "light";
    var ink = colour("ink"), soft = colour("ink-soft"), line = colour("line-strong"), ground = colour("bg");
    var accent = colour("accent"), tint = colour("accent-soft"), raised = colour("bg-soft");
    bench.style.color = "";
    return {
      startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, theme: "base",
      fontFamily: getComputedStyle(document.body).fontFamily,
      flowchart: { useMaxWidth: true, padding: 14 }, sequence: { useMaxWidth: true, mirrorActors: false },
      themeVariables: {
        darkMode: dark, background: ground, fontSize: "15px",
        primaryColor: tint, primaryTextColor: ink, primaryBorderColor: accent,
        secondaryColor: raised, secondaryTextColor: ink, secondaryBorderColor: line,
        tertiaryColor: raised, tertiaryTextColor: ink, tertiaryBorderColor: line,
        lineColor: soft, textColor: ink, titleColor: ink, clusterBkg: raised, clusterBorder: line,
        edgeLabelBackground: ground, noteBkgColor: raised, noteTextColor: ink, noteBorderColor: line,
        actorBkg: tint, actorBorder: accent, actorTextColor: ink, actorLineColor: line,
        signalColor: soft, signalTextColor: ink, labelBoxBkgColor: raised, labelBoxBorderColor: line,
        labelTextColor: ink, loopTextColor: ink, activationBkgColor: tint, activationBorderColor: accent,
        sectionBkgColor: raised, altSectionBkgColor: ground, gridColor: line, taskBkgColor: tint,
        taskBorderColor: accent, taskTextColor: ink, taskTextOutsideColor: ink, taskTextDarkColor: ink,
        taskTextLightColor: ink, todayLineColor: accent, relationColor: soft, relationLabelColor: ink,
        relationLabelBackground: ground, attributeBackgroundColorOdd: ground, attributeBackgroundColorEven: raised
      }
    };
  }

  function failed(figure, message) {
    var box = figure.querySelector(".diagram-drawing");
    var words = document.createElement("p");
    var said = document.createElement("pre");
    said.textContent = message;
    words.textContent = box.dataset.failed;
    box.replaceWith(words, said);
    figure.classList.add("failed");
    figure.querySelector("details").open = true;
  }

  function draw(figure, dark) {
    var box = figure.querySelector(".diagram-drawing");
    if (!box || box.querySelector(dark ? ".on-dark" : ".on-light")) return Promise.resolve();
    var id = "diagram-" + ++number;
    return mermaid.render(id, figure.querySelector("pre").textContent, bench).then(function (drawn) {
      var holder = document.createElement("div");
      holder.innerHTML = drawn.svg;
      var svg = holder.firstElementChild;
      svg.classList.add(dark ? "on-dark" : "on-light");
      // A telephone scrolls sideways rather than show words too small to read.
      var natural = parseFloat(svg.style.maxWidth);
      if (natural) svg.style.minWidth = "min(" + Math.round(natural * .5) + "px, 60rem)";
      ["role", "aria-roledescription", "aria-labelledby", "aria-describedby"].forEach(function (name) { svg.removeAttribute(name); });
      box.append(svg);
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    }, function (error) {
      failed(figure, String(error && error.message || error).trim());
    }).then(function () { bench.textContent = ""; });
  }

  // One after the other: the library has one set of settings.
  var queue = Promise.resolve();
  function drawAll(dark) {
    queue = queue.then(function () { mermaid.initialize(settings(dark)); });
    figures.forEach(function (figure) { queue = queue.then(function () { return draw(figure, dark); }); });
    return queue;
  }

  var library = document.createElement("script");
  library.src = script.dataset.library;
  library.onload = function () {
    // Some drawings are as wide as they may be: as wide as the article, and on a telephone wide enough to be read.
    var article = document.querySelector(".prose, main");
    bench.style.width = Math.max(560, article.clientWidth - 34) + "px";
    article.append(bench);
    drawAll(isDark()).then(function () {
      root.classList.add("diagrams-drawn");
      // A choice of mode made by now, or to come, and paper.
      (window.requestIdleCallback || setTimeout)(function () { drawAll(!isDark()); });
    });
  };
  library.onerror = function () { figures.forEach(function (figure) { failed(figure, script.dataset.library); }); };
  document.head.append(library);
})();
