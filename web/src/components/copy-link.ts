import { announce } from './announcer'

/** Puts the address of this view on the clipboard and says so. */
export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href)
    announce('Link copied')
  } catch {
    announce('The browser does not let this page copy')
  }
}
