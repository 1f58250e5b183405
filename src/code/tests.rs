use super::*;

/// What a text does: kind, full name, and the bytes it stands at.
fn does(text: &str) -> Vec<(Kind, String, &str)> {
    let module = Module::read(text).unwrap();
    let shown = |range: Range32| &text[range.start as usize..range.end as usize];
    module.actions.into_iter().map(|action| (action.kind, action.what, shown(action.range))).collect()
}

fn names(text: &str) -> Vec<String> {
    does(text).into_iter().map(|(_, what, _)| what).collect()
}

#[test]
fn commands_at_import_are_found_at_their_place() {
    assert_eq!(does("import os\nos.system('id')\n"), [(Kind::Command, "os.system".to_owned(), "os.system")]);
    assert_eq!(does("import os as o\no.system('id')\n"), [(Kind::Command, "os.system".to_owned(), "o.system")]);
    for call in ["create_subprocess_exec", "create_subprocess_shell"] {
        let text = format!("import asyncio\nasyncio.run(asyncio.{call}('id'))\n");
        let what = format!("asyncio.{call}");
        assert_eq!(does(&text), [(Kind::Command, what.clone(), what.as_str())]);
    }
    let text = "from subprocess import run as go\nx = [go(c) for c in 'ab']\n";
    assert_eq!(does(text), [(Kind::Command, "subprocess.run".to_owned(), "go")]);
}

#[test]
fn every_place_that_runs_at_import_is_followed() {
    for text in [
        "import os\nclass A:\n    os.system('')\n",
        "import os\ndef f(x=os.system('')): pass\n",
        "import os\ng = lambda x=os.system(''): x\n",
        "import os\n@os.system('')\ndef f(): pass\n",
        "import os\nclass A(metaclass=os.system('')): pass\n",
        "import os\ntry:\n    pass\nfinally:\n    os.system('')\n",
        "import os\nif True:\n    pass\nelif os.system(''):\n    pass\n",
        "import os\nwith os.popen('') as x: pass\n",
        "import os\nx = f'{os.system(\"\")}'\n",
        "import os\n(lambda: os.system(''))()\n",
        "def f():\n    import os\n    os.system('')\nf()\n",
        "def f():\n    g()\ndef g():\n    import os\n    os.system('')\nf()\n",
        "import os\nclass A:\n    def __init__(self): os.system('')\nA()\n",
        "import os\nclass A:\n    @staticmethod\n    def go(): os.system('')\nA.go()\n",
        "import os\ndef d(f): os.system('')\n@d\ndef f(): pass\n",
        "import os\nmatch 1:\n    case _:\n        os.system('')\n",
        "import os\nif __name__ != '__main__':\n    os.system('')\n",
        "import os, threading\nthreading.Thread(target=os.system, args=('',)).start()\n",
        "import os\nlist(map(os.system, ['']))\n",
        "from os import *\nsystem('')\n",
        "import os\ns = os.system\ns('')\n",
        "try:\n    import os\nexcept ImportError:\n    os = None\nos.system('')\n",
        "__import__('os').system('')\n",
        "import importlib\nimportlib.import_module('os').system('')\n",
        "import os\ngetattr(os, 'sys' + 'tem')('')\n",
        "import os\nos.__dict__['system']('')\n",
        "import sys, os\nsys.modules['os'].system('')\n",
        "import os\nvars(os)['system']('')\n",
        "\u{feff}import os\nos.system('')\n",
    ] {
        let found = names(text);
        assert_eq!(found.len(), 1, "{text}\n{found:?}");
        assert!(found[0].starts_with("os."), "{text}\n{found:?}");
    }
}

#[test]
fn what_waits_for_a_call_is_silent() {
    for text in [
        "import os\ndef f():\n    os.system('')\n",
        "import os\nclass A:\n    def f(self): os.system('')\n",
        "import os\ng = lambda: os.system('')\n",
        "import subprocess, ctypes, socket, pickle, urllib.request\n",
        "import os\nif __name__ == '__main__':\n    os.system('')\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    eval(x)\n",
        "import os\nif False:\n    os.system('')\nwhile 0:\n    os.system('')\n",
        "import os\nos.environ['A'] = os.path.join(os.getcwd(), 'x')\n",
        "import re\np = re.compile('x')\nq = p.match('')\n",
        "def run(x): return x\nrun(1)\n",
        "from subprocess import run\ndef run(x): return x\nrun(1)\n",
        "from .commands import system, eval\nsystem('')\neval(x)\n",
        "class A:\n    def system(self): pass\nos = A()\nos.system()\n",
        "import torch\nstate = torch.load('x', weights_only=True)\n",
        "import torch\nstate = torch.load('x')\n",
        "import numpy as np\nnp.load('x')\n",
        "import ctypes\nn = ctypes.sizeof(ctypes.c_int)\n",
        "import importlib\nimportlib.import_module('flash_attn')\n",
        "import importlib\nfor n in ['a']:\n    importlib.import_module('.' + n, __name__)\n    importlib.import_module(f'.{n}', __name__)\n",
        "exec('from dataclasses import dataclass')\nx = eval('1 + 1')\n",
        "import torch\ntorch.compile(f)\nmodel.eval()\n",
        "import os\ngetattr(os, 'environ')\n",
        "eval = 3\n",
    ] {
        assert_eq!(names(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn each_kind_has_its_callables() {
    for (text, kind) in [
        ("import socket\nsocket.socket()", Kind::Network),
        ("from urllib.request import urlopen\nurlopen('')", Kind::Network),
        ("import urllib.request\nurllib.request.urlretrieve('')", Kind::Network),
        ("import requests\nrequests.get('')", Kind::Network),
        ("import pickle\npickle.loads(b'')", Kind::Unpickle),
        ("import torch\ntorch.load('', weights_only=False)", Kind::Unpickle),
        ("import numpy as np\nnp.load('', allow_pickle=True)", Kind::Unpickle),
        ("import base64\nexec(base64.b64decode('aWQ='))", Kind::Evaluate),
        ("exec(open('x').read())", Kind::Evaluate),
        ("exec('import os; os.system(1)')", Kind::Evaluate),
        ("import os\nexec('os.system(1)')", Kind::Evaluate),
        ("import builtins\nbuiltins.eval(x)", Kind::Evaluate),
        ("__builtins__.exec(x)", Kind::Evaluate),
        ("import os\ngetattr(os, name)('')", Kind::Evaluate),
        ("import ctypes\nctypes.CDLL('x.so')", Kind::Native),
        ("from ctypes import cdll\ncdll.LoadLibrary('x')", Kind::Native),
        ("from torch.utils.cpp_extension import load\nload(name='x')", Kind::Native),
        ("import importlib\nimportlib.import_module(name)", Kind::Hidden),
        ("__import__(chr(111) + 's')", Kind::Hidden),
    ] {
        let found = does(text);
        assert_eq!(found.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>(), [kind], "{text}\n{found:?}");
    }
}

#[test]
fn the_call_that_leads_into_a_function_is_told() {
    let text = "import os\ndef f():\n    os.system('')\nf()\n";
    let module = Module::read(text).unwrap();
    let called = module.actions[0].called_at.unwrap();
    assert_eq!((&text[called.start as usize..called.end as usize], called.start), ("f", 37));
}

#[test]
fn relative_imports_are_listed_where_they_run() {
    let text = "from .a import x\nfrom . import b, c\nfrom ..up.d import y\nimport os\ndef f():\n    from .late import z\nif TYPE_CHECKING:\n    from .types import T\nclass A:\n    from .e import w\n";
    let module = Module::read(text).unwrap();
    let imports: Vec<_> = module.imports.iter().map(|import| (import.level, import.module.as_str())).collect();
    let wanted = [(1, "a"), (1, "a.x"), (1, ""), (1, "b"), (1, "c"), (2, "up.d"), (2, "up.d.y"), (1, "e"), (1, "e.w")];
    assert_eq!(imports, wanted);
}

#[test]
fn a_mistake_does_not_hide_the_rest() {
    let text = "import os\nx = = 1\nos.system('')\n";
    let module = Module::read(text).unwrap();
    assert_eq!((module.actions.len(), module.broken_at), (1, Some(14)));
    assert_eq!(Module::read("x = 1\n").unwrap().broken_at, None);
}

#[test]
fn hostile_depth_is_refused_and_hostile_length_is_quick() {
    let many = 200_000;
    for text in [
        "(".repeat(many),
        "[{".repeat(many),
        "-".repeat(many),
        "not ".repeat(many),
        format!("x{}", ".a".repeat(many)),
        format!("x{}", "()".repeat(many)),
        format!("x{}", "[0]".repeat(many)),
        format!("1{}", "+1".repeat(many)),
        "lambda:".repeat(many / 2),
        "a if b else ".repeat(many / 4),
        "f'{".repeat(many),
        "async ".repeat(many / 2),
        "a=".repeat(many),
        "a:".repeat(many),
        "if a:".repeat(many / 2),
        "@".repeat(many),
        "*".repeat(many),
        "await ".repeat(many / 2),
    ] {
        assert_eq!(Module::read(&text), Err(Unread::TooDeep), "{}", &text[..20]);
    }
    for text in [
        format!("x = [{}]\n", "1, ".repeat(many)),
        format!("x = {{{}}}\n", "'a': -1, ".repeat(many / 4)),
        "x\n".repeat(many),
        "import os\nos.system('')\n".repeat(many / 8),
        format!("x = ({})\n", "'a' ".repeat(many)),
        "def f(): f()\n".repeat(many / 8),
        "\"".repeat(many),
        "\\\n".repeat(many),
        "from . import a\n".repeat(many / 8),
    ] {
        let began = crate::testing::Stopwatch::start();
        assert!(Module::read(&text).is_ok(), "{}", &text[..20]);
        assert!(began.elapsed().as_secs() < 10, "{}: {:?}", &text[..20], began.elapsed());
    }
    let deep: String = (0..1200).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect();
    assert!(Module::read(&deep).is_ok());
    assert_eq!(Module::read(&"#".repeat(MAX_CODE_BYTES + 1)), Err(Unread::TooLong));
}

#[test]
fn any_bytes_are_read_without_breaking() {
    // Pieces of real code in every order: the parser must neither stop nor fail.
    let pieces = [
        "import os\n",
        "def f(",
        "):\n ",
        "'",
        "\"\"\"",
        "f'{",
        "}",
        "[",
        "]",
        "\\\n",
        "class A:\n  ",
        "@",
        "\t",
        "=",
        "\u{0}",
        "é",
        "match x:\n case",
        "async ",
        "*",
        "lambda",
    ];
    let mut seed = 1_u64;
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        let _ = Module::read(&text);
    }
}
