// Code: copying.
(function () {
  "use strict";
  var all = waypost.all, copy = waypost.copy;

  all(".code-block").forEach(function (block) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.setAttribute("aria-label", document.body.dataset.copy);
    button.addEventListener("click", function () {
      copy(block.dataset.copy || block.querySelector("code").textContent.replace(/\n$/, ""), button, function (on) {
        button.classList.toggle("done", on);
        button.setAttribute("aria-label", on ? document.body.dataset.copied : document.body.dataset.copy);
      });
    });
    block.append(button);
  });
})();
