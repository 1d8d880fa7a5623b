"""Tiny videos, recorded by Chromium from a canvas and a tone; and a look whether it can show one."""

from __future__ import annotations

import base64

from playwright.sync_api import Browser

from tests.support.browsing import chromium_at

RECORD = """async (type) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 48];
  const drawing = canvas.getContext("2d");
  let step = 0;
  const draw = setInterval(() => {
    drawing.fillStyle = `hsl(${(step += 20) % 360} 80% 50%)`;
    drawing.fillRect(0, 0, 64, 48);
  }, 30);
  const stream = canvas.captureStream(25);
  const audio = new AudioContext();
  const tone = audio.createOscillator(), out = audio.createMediaStreamDestination();
  tone.connect(out); tone.start();
  stream.addTrack(out.stream.getAudioTracks()[0]);
  const recorder = new MediaRecorder(stream, {mimeType: type}), pieces = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const over = new Promise((done) => { recorder.onstop = done; });
  recorder.start();
  await new Promise((done) => setTimeout(done, 900));
  recorder.stop();
  await over;
  clearInterval(draw);
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}"""
SHOW = """async ([type, text]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], {type}));
  document.body.append(video);
  const seen = new Promise((done) => video.requestVideoFrameCallback(() => done(true)));
  const ended = new Promise((done) => {
    video.onended = () => done(true);
    video.onerror = () => done(false);
  });
  try { await video.play(); } catch { return null; }
  if (!(await ended)) return null;
  await seen;
  return [video.videoWidth, video.videoHeight];
}"""
TYPES = {"video/mp4": "video/mp4;codecs=vp9,opus", "video/webm": "video/webm;codecs=vp8,opus"}


def recorded(browser: Browser, media: str) -> bytes:
    """About a second of changing colours; `media` is one of TYPES."""
    page = browser.new_page()
    text = page.evaluate(RECORD, TYPES[media])
    page.close()
    return base64.b64decode(text)


def shown(browser: Browser, media: str, content: bytes) -> tuple[int, int] | None:
    """Width and height as Chromium plays it to its end; None where it cannot."""
    page = browser.new_page()
    size = page.evaluate(SHOW, [media, base64.b64encode(content).decode()])
    page.close()
    return (size[0], size[1]) if size else None


__all__ = ["TYPES", "chromium_at", "recorded", "shown"]
