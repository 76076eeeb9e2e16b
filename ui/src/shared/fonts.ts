// Faces only; a browser fetches the few slices that a page really uses, an installed app has them all at hand.
import '@fontsource/biz-udpgothic/400.css';
import '@fontsource/biz-udpgothic/700.css';
import '@fontsource/biz-udgothic/latin-400.css';
import '@fontsource/biz-udgothic/latin-700.css';
