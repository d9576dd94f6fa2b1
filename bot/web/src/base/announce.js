// The page's one live region: what a screen reader is told without moving to it.

export function announce(text) {
  const region = document.getElementById("announcer");
  if (region && text && region.textContent !== text) region.textContent = text;
}
