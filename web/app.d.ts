/** What SvelteKit's own types are told of this client. */
declare global {
  namespace App {
    interface Error {
      status: number;
      message: string;
    }
  }
}

export {};
