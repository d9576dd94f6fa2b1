// deep-chat reads messages as Markdown. What people type here is text: every rule but plain lines is off.

function plainText(markdown) {
  markdown.core.ruler.enable(["block", "inline"], true);
  markdown.block.ruler.enable(["paragraph"], true);
  markdown.inline.ruler.enable(["newline"], true);
  markdown.set({ breaks: true, html: false });
}

window.remarkable_plugins = [{ plugin: plainText }];
