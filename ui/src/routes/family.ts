/** The families' pages and the way to become one of them. */
export const familyRoutes = {
  '/family': () => import('./family/Home.svelte'),
  '/family/contact': () => import('./family/Contact.svelte'),
  '/family/receipt/:announcements': () => import('./family/Receipt.svelte'),
  '/family/more': () => import('./family/More.svelte'),
  '/join': () => import('./family/Join.svelte'),
  '/signin': () => import('./SignIn.svelte'),
};
