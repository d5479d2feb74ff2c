// Search for what a page shows. A theme loads this file on first use (its address is `data-search` of <html>) and asks:
//
//   window.waypost.searchClient.query(text, {section, facets: {cloud: "azure"}, limit, offset}) -> Promise of
//   { total, milliseconds,
//     sections: [{name, count}], facets: [{name, values: [{value, count}]}],
//     results: [{ url, title, crumbs: [text], heading, tabs: [label], kind: "page" | "heading" | "command",
//                 excerpt: [{text, mark}], words: [as they stand in the page] }] }
//
// All pieces come by script tags, which work from file:// too; the engine runs in a worker made of its own text, and in
// the page where there can be none.
(function () {
  "use strict";
  var waypost = window.waypost = window.waypost || {};
  var source = new URL(document.currentScript.src);
  var isFile = source.protocol === "file:";
  var folder = source.href.replace(/assets\/search\/[^/]*$/, "");
  var root = isFile ? folder : new URL(folder).pathname;
  var waiting = {}, ready = null;

  // Pieces call this with their name and their data.
  window.waypostSearch = function (name, data) {
    if (waiting[name]) { waiting[name](data); delete waiting[name]; }
  };
  function script(path, name) {
    return new Promise(function (found, failed) {
      var element = document.createElement("script");
      var over = function (end, value) { element.remove(); end(value); };
      if (name) waiting[name] = function (data) { over(found, data); };
      else element.onload = function () { over(found); };
      element.onerror = function () { delete waiting[name]; over(failed, new Error("search: " + path + " cannot be loaded")); };
      element.src = folder + path;
      document.head.appendChild(element);
    });
  }
  function piece(name) { return script("assets/search/pieces/" + name + ".js", name); }

  // In the worker: `engine`, `stem` and the rest are its own.
  function work() {
    var waiting = {}, ready;
    function load(name) {
      return new Promise(function (found, failed) {
        waiting[name] = [found, failed];
        postMessage({ load: name });
      });
    }
    onmessage = function (event) {
      var said = event.data;
      if (said.manifest) {
        ready = engine(said.manifest, load, stem, said.root, said.file);
        postMessage({ ready: true });
      } else if (said.name) {
        waiting[said.name][said.error ? 1 : 0](said.error ? new Error(said.error) : said.data);
        delete waiting[said.name];
      } else {
        ready.query(said.text, said.options).then(function (answer) {
          postMessage({ id: said.id, answer: answer });
        }, function (error) {
          postMessage({ id: said.id, error: error.message });
        });
      }
    };
  }
  function inWorker(manifest, stemmer) {
    return new Promise(function (found, failed) {
      var text = "var engine=" + window.waypostSearchEngine + ";var stem=" + (stemmer ? "(" + stemmer + ")()" : "null") + ";(" + work + ")()";
      var address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      var worker = new Worker(address), asked = {}, last = 0;
      worker.onerror = function (event) { failed(new Error(event.message || "search: no worker")); };
      worker.onmessage = function (event) {
        var said = event.data;
        if (said.ready) {
          URL.revokeObjectURL(address);
          found(function (text, options) {
            return new Promise(function (yes, no) {
              asked[++last] = [yes, no];
              worker.postMessage({ id: last, text: text, options: options });
            });
          });
        } else if (said.load) {
          piece(said.load).then(function (data) {
            worker.postMessage({ name: said.load, data: data });
          }, function (error) {
            worker.postMessage({ name: said.load, error: error.message });
          });
        } else {
          if (said.error) asked[said.id][1](new Error(said.error)); else asked[said.id][0](said.answer);
          delete asked[said.id];
        }
      };
      worker.postMessage({ manifest: manifest, root: root, file: isFile });
    });
  }
  function inPage(manifest, stemmer) {
    return window.waypostSearchEngine(manifest, piece, stemmer && stemmer(), root, isFile).query;
  }
  // The manifest keeps its name, so what the browser has of it may be old.
  function start(fresh) {
    return script("assets/search/index.js" + (isFile ? "" : "?" + (fresh ? Date.now() : Math.floor(Date.now() / 6e4))), "index").then(function (manifest) {
      return Promise.all([
        manifest.stemmer ? script(manifest.stemmer, "stemmer") : null,
        window.waypostSearchEngine || script(manifest.engine)
      ]).then(function (loaded) {
        var worker;
        try { worker = inWorker(manifest, loaded[0]); } catch (error) { worker = Promise.reject(error); }
        return worker.catch(function () { return inPage(manifest, loaded[0]); });
      });
    });
  }
  waypost.searchClient = {
    query: function (text, options) {
      if (!ready) ready = start(false);
      var used = ready;
      return used.then(function (query) { return query(text, options || {}); }).catch(function () {
        // A site that was published anew no longer has the pieces of the old manifest.
        if (ready === used) ready = start(true);
        return ready.then(function (query) { return query(text, options || {}); });
      });
    }
  };
})();
