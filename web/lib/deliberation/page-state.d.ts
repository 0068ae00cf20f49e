/** What the deliberation screens keep beside an address in the browser's history. */
declare global {
  namespace App {
    interface PageState {
      /** The answers of a form are being checked before they are sent. */
      checking?: boolean;
      /** What was just recorded, to be said on the page that comes next. */
      said?: string;
    }
  }
}

export {};
