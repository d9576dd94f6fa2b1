// Questions that have no answer yet, in the tab's own storage: a reload or a sign-in does not lose them.

const KEY = "verbatim-pending";

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return []; // no storage here (a strict browser), or not ours
  }
}

function write(found) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(found));
  } catch {
    // Without storage a reload loses the question; asking it works all the same.
  }
}

export const pending = {
  keep({ id, message, query, conversation }) {
    write([...read().filter((one) => one.id !== id), { id, message, query, conversation: conversation.id }]);
  },
  drop({ id }) {
    write(read().filter((one) => one.id !== id));
  },
  of(conversation) {
    return read().filter((one) => one.conversation === conversation);
  },
};
