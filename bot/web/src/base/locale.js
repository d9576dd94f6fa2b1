// The reader's locale: the browser's.
export const LOCALE = navigator.language || "en-US";
