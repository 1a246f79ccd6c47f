// OpenBLAS, which Debian's libtorch links, allocates a buffer of 128 MiB while it is loaded, and retries forever if it
// gets none. That happens before main, so only code that runs before every library can refuse to start.
#include <stddef.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

// That buffer, and 256 MiB for libtorch's own start, which fails with an uncaught error below about 200 MiB.
static const size_t needed = 384 << 20;

static void require_room(int argc, char **argv, char **environment) {
    (void)argc, (void)argv, (void)environment;
    void *room = mmap(NULL, needed, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room != MAP_FAILED) {
        munmap(room, needed);
        return;
    }
    static const char message[] =
        "libtorch needs 384 MiB of memory in addition to its libraries, and the system refuses them\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
    (void)written;
    _exit(EX_OSERR);
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = require_room;
