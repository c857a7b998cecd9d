// Keeps a page as things are: the server sends its parts as they change, and they are put in their places.
// Also: files that are dropped, and how far an upload is. Every page works without it.
"use strict";

const byId = (id) => document.getElementById(id);
const bar = byId("live");
if (bar && window.EventSource) {
  const words = byId("live-words"), said = byId("said"), stale = byId("stale"), pause = byId("live-pause");
  let stream = null, timer = 0, silence = 0, tries = 0, paused = false, over = false, last = new Date();
  let told = null;

  const say = (text) => {
    if (text && text !== told) said.textContent = text;
    told = text || told;
  };

  // How to find the element again that has the focus, once its part was replaced.
  const selector = (element) => {
    if (element.id) return "#" + CSS.escape(element.id);
    const href = element.getAttribute("href");
    return href ? `${element.localName}[href="${CSS.escape(href)}"]` : null;
  };

  const swap = (id, html) => {
    const old = byId(id);
    if (!old) return;
    const fresh = old.cloneNode(false);
    fresh.innerHTML = html;
    for (const open of old.querySelectorAll("details[id][open]")) {
      const same = fresh.querySelector("#" + CSS.escape(open.id));
      if (same) same.open = true;
    }
    if (fresh.innerHTML === old.innerHTML) return;
    const chosen = getSelection();
    // Somebody is about to copy something.
    if (chosen && !chosen.isCollapsed && old.contains(chosen.anchorNode)) return;
    const active = document.activeElement;
    const focused = old.contains(active) ? { find: selector(active), tag: active.localName } : null;
    const place = focused && [...old.querySelectorAll(focused.tag)].indexOf(active);
    const scrolled = [...old.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
    old.replaceChildren(...fresh.childNodes);
    old.querySelectorAll(".scroll").forEach((one, n) => { one.scrollLeft = scrolled[n] || 0; });
    if (focused) {
      const same = (focused.find && old.querySelector(focused.find)) || old.querySelectorAll(focused.tag)[place];
      if (same) same.focus({ preventScroll: true });
    }
  };

  const show = (state, text) => { bar.dataset.state = state; words.textContent = text; };
  const close = () => {
    clearTimeout(timer);
    clearTimeout(silence);
    if (stream) stream.close();
    stream = null;
  };
  const lost = (why) => {
    show("lost", "Not live");
    stale.textContent = `${why} This is how it was at ${last.toLocaleTimeString()}.`;
    stale.hidden = false;
    say(why);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => { lost("The server is silent."); again(); }, 45000);
  };
  const again = (seconds) => {
    close();
    if (paused || over) return;
    const wait = seconds ?? Math.min(10, 2 ** tries++) * (0.5 + Math.random());
    timer = setTimeout(open, wait * 1000);
  };
  const on = (name, does) => stream.addEventListener(name, (event) => { heard(); does(JSON.parse(event.data)); });
  function open() {
    close();
    if (paused || over || document.hidden) return;
    stream = new EventSource(bar.dataset.live);
    heard();
    on("parts", (news) => {
      tries = 0;
      last = new Date();
      stale.hidden = true;
      over = Boolean(news.over);
      show(over ? "over" : "on", over ? "Finished" : "Live");
      for (const [id, html] of Object.entries(news.parts)) swap(id, html);
      if (news.title) document.title = news.title;
      told ??= news.say;
      say(news.say);
      if (over) { close(); pause.hidden = true; }
    });
    on("still", () => { last = new Date(); });
    on("trouble", (news) => lost(news.say));
    on("refused", (news) => { lost(news.say + " Reload the page to see it anew."); again(news.seconds); });
    on("bye", () => again(0.5));
    stream.onerror = () => { lost("The connection to the server is lost; it is tried again."); again(); };
  }

  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Go on" : "Pause";
    if (paused) { close(); show("paused", "Paused"); } else { show("on", "Live"); open(); }
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  bar.hidden = false;
  open();
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const files = form.querySelector("input[type=file]"), chosen = form.querySelector("[data-chosen]");
  const progress = form.querySelector("progress"), problem = form.querySelector("[data-problem]");
  const tell = () => {
    const names = [...files.files].map((file) => file.name);
    chosen.textContent = names.length ? `${names.length} chosen: ${names.slice(0, 5).join(", ")}${names.length > 5 ? " …" : ""}` : "";
  };
  const hover = (event, is) => { event.preventDefault(); form.classList.toggle("hover", is); };
  form.addEventListener("dragover", (event) => hover(event, true));
  form.addEventListener("dragleave", (event) => hover(event, false));
  form.addEventListener("drop", (event) => {
    hover(event, false);
    if (event.dataTransfer.files.length) { files.files = event.dataTransfer.files; tell(); }
  });
  files.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    // What has its own address is answered with a page of its own.
    if (!files.files.length || (event.submitter && event.submitter.hasAttribute("formaction"))) return;
    event.preventDefault();
    const request = new XMLHttpRequest(), button = form.querySelector("button:not([type=button])");
    const failed = (text) => { problem.textContent = text; problem.hidden = false; progress.hidden = true; button.disabled = false; };
    request.upload.onprogress = (sent) => { if (sent.lengthComputable) progress.value = sent.loaded / sent.total; };
    request.onload = () => {
      if (request.status < 400) { location.assign(request.responseURL); return; }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      failed((page.querySelector("[data-problem]:not([hidden])") || page.querySelector("main") || page.body).textContent.trim());
    };
    request.onerror = () => failed("The server cannot be reached. Nothing was handed in; try again.");
    problem.hidden = true;
    progress.hidden = false;
    button.disabled = true;
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
